import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removeDrafts } from '../../src/cli/out-folder.ts';

/** Plan: of drafts only those go that nobody writes any more: old ones of processes that have ended. Other files stay. */
it('removes the drafts of the dead', () => {
  const folder = mkdtempSync(join(tmpdir(), 'collapse-drafts-'));
  const dead = 2 ** 23;
  const minute = new Date(Date.now() - 60_000);
  const names = [`trials.parquet.${dead}.tmp`, `table.csv.${process.pid}.tmp`, 'mine.tmp', `${dead}.tmp.csv`];
  for (const name of [...names, `main.svg.${dead}.tmp`]) writeFileSync(join(folder, name), '');
  for (const name of names) utimesSync(join(folder, name), minute, minute);
  removeDrafts(folder);
  expect(readdirSync(folder).sort()).toEqual([...names.slice(1), `main.svg.${dead}.tmp`].sort());
  rmSync(folder, { recursive: true });
});
