/**
 * Which sampler `auto` takes for every experiment file, as docs/chosen-samplers.md lists it: where bindings end at 128 MiB, as everywhere
 * at least. `npx vitest run test/plan/chosen.test.ts -u` writes the page anew.
 */

import { readdirSync, readFileSync } from 'node:fs';
import JSON5 from 'json5';
import { expect, it } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { drawnBy, planExperiment } from '../../src/plan/plan.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';

const limits = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65_535,
};

const HEAD = `# What \`auto\` takes

The sampler of every experiment that comes with the program, cell by cell the cheapest one that does not refuse it
([samplers.md](samplers.md)). Panels in one line are drawn at once, each with its own numbers: they have rows or random features in
common, and so share what is made of them. The list is written by \`npx vitest run test/plan/chosen.test.ts -u\`, and that test holds it.

| file | panels | cells | sampler |
|---|---|---|---|
`;

/** One line for the jobs of one sampler that belong to the same panels. */
function linesOf(file: string): string[] {
  const experiment = parseExperiment(JSON5.parse(readFileSync(`experiments/${file}`, 'utf8')), regimes);
  const plan = planExperiment(experiment, regimes, samplers, limits);
  const lines = new Map<string, { panels: string; sampler: string; cells: number }>();
  for (const { jobs } of drawnBy(plan)) {
    const of = jobs.map((j) => plan.jobs[j]!);
    const panels = [...new Set(of.map(({ panel }) => panel.name))].join(', ');
    const sampler = of[0]!.sampler.name;
    const { cells } = lines.get(`${panels} ${sampler}`) ?? { cells: 0 };
    const own = of.reduce((sum, job) => sum + job.cells.length, 0);
    lines.set(`${panels} ${sampler}`, { panels, sampler, cells: cells + own });
  }
  return [...lines.values()].map(
    ({ panels, sampler, cells }, i) =>
      `| ${i === 0 ? `\`${experiment.name}\`` : ''} | ${panels} | ${cells} | \`${sampler}\` |`,
  );
}

it('is what the page says', async () => {
  const files = readdirSync('experiments')
    .filter((name) => name.endsWith('.json5'))
    .sort();
  const lines = files.flatMap(linesOf);
  expect(lines.length).toBeGreaterThanOrEqual(files.length);
  await expect(`${HEAD}${lines.join('\n')}\n`).toMatchFileSnapshot('../../docs/chosen-samplers.md');
});
