/**
 * Times the reference job side by side: this program, sampler by sampler, and plain NumPy on every core. The contestants
 * take turns, so that a slow minute of the machine hits all of them.
 *
 * usage: node bench/reference-job.mjs [ROUNDS] [EXPONENT]
 * EXPONENT of a power-law spectrum s_j = j^-EXPONENT; without one the job is isotropic.
 * Prints a table of trials per second and one JSON record. Start-up is included for this program, excluded for NumPy.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

const rounds = Number(process.argv[2] ?? 3);
const exponent = process.argv[3] ?? null;
const cores = cpus().length;
const command = join(import.meta.dirname, '..', 'dist', 'cli', 'collapse.js');
const script = join(import.meta.dirname, 'reference_job.py');

/** Trials per second and the checked mean (first ridge, n = 10) of one run of this program. */
function collapse(sampler, trials) {
  const out = mkdtempSync(join(tmpdir(), 'collapse-bench-'));
  try {
    const args = ['run', 'reference-job', '--sampler', sampler, '--trials', String(trials), '--out', out, '--quiet'];
    if (exponent) args.push('--set', `covariance={kind:'power-law',exponent:${exponent}}`);
    const start = performance.now();
    execFileSync(process.execPath, [command, ...args], { stdio: 'ignore' });
    const seconds = (performance.now() - start) / 1000;
    const { panels, manifest } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
    return {
      rate: trials / seconds,
      mean: panels[0].cells[10].mean,
      adapter: manifest.adapter?.description ?? 'f64 reference',
    };
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** The same of NumPy, one process with one BLAS thread per core. */
async function numpy(method, trials) {
  const run = (seed) =>
    new Promise((resolve, reject) => {
      const env = { ...process.env, OPENBLAS_NUM_THREADS: '1' };
      const child = spawn('python3', [script, method, String(trials), String(seed), exponent ?? '0'], { env });
      let text = '';
      child.stdout.on('data', (data) => {
        text += data;
      });
      child.on('error', reject);
      child.on('close', (code) =>
        code === 0 ? resolve(text.trim().split(' ').map(Number)) : reject(new Error(`python3: ${code}`)),
      );
    });
  const results = await Promise.all(Array.from({ length: cores }, (_, core) => run(core)));
  const rate = results.reduce((sum, [seconds]) => sum + trials / seconds, 0);
  return { rate, mean: results.reduce((sum, [, mean]) => sum + mean, 0) / cores };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const contestants = {
  'collapse direct': () => collapse('direct', 8),
  'collapse wishart': () => collapse('wishart', 40),
  ...(exponent ? {} : { 'collapse bidiagonal': () => collapse('bidiagonal', 20_000) }),
  'numpy solve': () => numpy('solve', 4),
  'numpy eigh': () => numpy('eigh', 4),
};

const measured = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, run] of Object.entries(contestants)) {
    try {
      measured[name].push(await run());
    } catch (error) {
      measured[name].push({ missing: String(error.message).split('\n', 1)[0] });
    }
  }
}

const rows = Object.entries(measured).map(([name, results]) => {
  const missing = results.find((result) => result.missing)?.missing;
  if (missing) return { name, missing };
  const rates = results.map(({ rate }) => rate);
  return {
    name,
    trialsPerSecond: median(rates),
    lowest: Math.min(...rates),
    highest: Math.max(...rates),
    mean: median(results.map(({ mean }) => mean)),
    adapter: results[0].adapter,
  };
});
for (const row of rows)
  console.log(
    row.missing
      ? `${row.name.padEnd(20)} missing: ${row.missing}`
      : `${row.name.padEnd(20)} ${row.trialsPerSecond.toPrecision(3).padStart(8)} trials/s (${row.lowest.toPrecision(3)} .. ${row.highest.toPrecision(3)})  mean ${row.mean.toPrecision(4)}`,
  );
console.log(
  JSON.stringify({
    job: 'reference-job',
    exponent,
    rounds,
    cores,
    node: process.version,
    date: new Date().toISOString(),
    rows,
  }),
);
