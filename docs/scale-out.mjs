// Measures the table of scale-out.md: `npm run build`, then `node docs/scale-out.mjs`; a minute on two free cores.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const command = join(import.meta.dirname, '..', 'dist', 'cli', 'collapse.js');
const home = mkdtempSync(join(tmpdir(), 'collapse-cost-'));
const file = join(home, 'cost.json5');

/** Wall and CPU seconds of a command; CPU as the shell that waits for it counts. */
function timed(args, backend) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const script = '"$@" >/dev/null 2>&1; code=$?; times; exit $code';
    const env = { ...process.env, COLLAPSE_ADAPTER: backend === 'node' ? 'system' : '' };
    const child = spawn('bash', ['-c', script, 'bash', process.execPath, command, ...args], { env });
    let said = '';
    child.stdout.on('data', (data) => {
      said += data;
    });
    child.on('close', (code) => {
      if (code !== 0) return reject(new Error(`${args.join(' ')}: exit ${code}`));
      const cpu = [...said.split('\n')[1].matchAll(/(\d+)m([\d.]+)s/g)].reduce(
        (sum, [, m, s]) => sum + 60 * m + Number(s),
        0,
      );
      resolve({ wall: (performance.now() - start) / 1000, cpu });
    });
  });
}

const CASES = [
  { name: 'f64 reference', backend: 'reference', trials: 40_000 },
  { name: 'software adapter', backend: 'node', trials: 400_000 },
];

function experiment(trials) {
  return {
    name: 'cost',
    regime: 'replace',
    dimension: 4,
    generator: { samples: 12, noise: 0.2 },
    downstream: { samples: [8, 16, 40], noise: 0.1, ridge: [0.1, 1] },
    generations: [0, 1],
    sampler: 'direct',
    trials,
  };
}

console.log('| | shards | all shards, s | merge, s | trials/s | CPU s | before the first trial, s |');
console.log('|---|---|---|---|---|---|---|');
for (const { name, backend, trials } of CASES) {
  writeFileSync(file, JSON.stringify(experiment(trials)));
  let table = null;
  for (const count of [1, 2, 4]) {
    const out = join(home, `${backend}-${count}`);
    const start = Date.now();
    const shards = Array.from({ length: count }, (_, i) =>
      timed(['run', file, '--backend', backend, '--shard', `${i + 1}/${count}`, '--out', out, '--quiet'], backend),
    );
    const cpu = (await Promise.all(shards)).reduce((sum, one) => sum + one.cpu, 0);
    const all = (Date.now() - start) / 1000;
    const merge = await timed(['merge', out, '--quiet'], backend);
    const begun = readdirSync(join(out, 'shards'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.trials'))
      .map((path) => (statSync(join(out, 'shards', path)).birthtimeMs - start) / 1000);
    const rate = Math.round(trials / (all + merge.wall));
    const cells = [
      name,
      count,
      all.toFixed(1),
      merge.wall.toFixed(1),
      rate,
      (cpu + merge.cpu).toFixed(1),
      Math.max(...begun).toFixed(1),
    ];
    console.log(`| ${cells.join(' | ')} |`);
    const own = readFileSync(join(out, 'table.csv'), 'utf8');
    if (table !== null && own !== table) throw new Error(`${count} shards gave another table.csv`);
    table = own;
  }
}
rmSync(home, { recursive: true });
