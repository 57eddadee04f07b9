import { join } from 'node:path';
import { packageRoot } from './package.ts';
import { shardName } from './shard-files.ts';
import { shellQuoted } from './shard-progress.ts';

/** What the scripts of a run are made from. */
export interface ScriptInput {
  /** Absolute. */
  readonly folder: string;
  readonly shards: number;
  /** `COLLAPSE_ADAPTER`, where it was set when the run was submitted. */
  readonly adapter: string | undefined;
}

const command = () =>
  `${shellQuoted(process.execPath)} ${shellQuoted(join(packageRoot, 'dist', 'cli', 'collapse.js'))}`;

const prologue = '[ ! -f "$dir/slurm/prologue.sh" ] || . "$dir/slurm/prologue.sh" # modules, PATH: yours to write';

/**
 * The script of an array task. The worker is started by Node itself, because npx would not pass signals on, and in the background, because a
 * shell hears them only between commands. Near its time limit the shard is saved and queued again, unless it got nowhere.
 */
export function shardScript({ folder, shards, adapter }: ScriptInput): string {
  const width = shardName({ index: 1, count: shards }).indexOf('-');
  const forced = adapter ? `export COLLAPSE_ADAPTER=${shellQuoted(adapter)}\n` : '';
  return `#!/bin/bash
# Written by collapse submit.
dir=${shellQuoted(folder)}
task=\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
attempts() { ls "$dir/shards/$(printf '%0${width}d-of-%0${width}d' "$SLURM_ARRAY_TASK_ID" ${shards})" 2>/dev/null | wc -l; }
worker= near_end=
trap 'near_end=1; [ -z "$worker" ] || kill -TERM "$worker"' USR1 # the time limit is near
trap : TERM # Slurm tells the worker too, and a shell that dies here would take it along
${prologue}
${forced}before=$(attempts)
${command()} run "$dir" --shard "$SLURM_ARRAY_TASK_ID/${shards}" --quiet &
worker=$!
[ -z "$near_end" ] || kill -TERM "$worker"
while :; do
  wait "$worker"
  code=$?
  [ $code -gt 128 ] && kill -0 "$worker" 2>/dev/null || break
done
if [ $code -gt 128 ]; then # the worker's own, or that of a signal that cut the waiting short
  wait "$worker"
  own=$?
  [ $own = 127 ] || code=$own
fi
if [ -n "$near_end" ] && { [ $code = 130 ] || [ $code = 143 ]; }; then
  if [ "$(attempts)" -gt "$before" ]; then
    scontrol requeue "$task" && sleep 60
  else
    echo "Shard $SLURM_ARRAY_TASK_ID finished no batch within its time limit; submit it again with more --time." >&2
  fi
fi
exit $code
`;
}

/** The script of the job that merges. */
export function mergeScript({ folder }: ScriptInput): string {
  return `#!/bin/bash
# Written by collapse submit.
dir=${shellQuoted(folder)}
${prologue}
exec ${command()} merge "$dir" --quiet
`;
}
