import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { chainRecipes, powers } from '../support/chains.ts';
import { allErrors } from '../support/two-samples.ts';

/*
 * Plan: the contestants of the benchmarks solve the same problem as this program.
 * - every peer introduces itself in the form of bench/peers/README.md and multiplies two matrices, or says why it is missing
 * - NumPy, every method: the mean of every cell against the f64 reference of `direct`, isotropic and power law, T above and
 *   below d; single precision included
 * - what a method cannot do is said, and costs only its own answer
 */

const folder = join(import.meta.dirname, '../../bench/peers');

interface Trial {
  readonly method: string;
  readonly exponent: number | null;
  readonly samples: number;
}

interface Answer {
  readonly seconds?: readonly number[];
  readonly check?: number;
  readonly unsupported?: string;
  readonly means?: readonly (readonly number[])[];
  readonly standardErrors?: readonly (readonly number[])[];
}

interface Hello {
  readonly name: string;
  readonly missing?: string;
  readonly cases?: readonly string[];
  readonly methods?: Readonly<Record<string, string>>;
}

/** What a peer answers to requests, after its introduction. */
function converse(command: string, file: string, requests: readonly object[]): { hello: Hello; answers: Answer[] } {
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
  const { stdout, error } = spawnSync(command, [join(folder, file)], { input, encoding: 'utf8' });
  if (error) return { hello: { name: file, missing: `${command} does not start` }, answers: [] };
  const [hello, ...answers] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { hello, answers };
}

describe('introductions', () => {
  it.each([
    ['python3', 'numpy_peer.py'],
    ['python3', 'torch_peer.py'],
    [process.execPath, 'jax_js.mjs'],
    [process.execPath, 'tfjs.mjs'],
  ])('%s %s says why it is missing, or multiplies', (command, file) => {
    const { hello, answers } = converse(command, file, [{ case: 'matmul', shape: { n: 40 }, repeats: 2, seed: 1 }]);
    if (hello.missing !== undefined) {
      expect(hello.missing).not.toBe('');
      expect(answers).toEqual([]);
      return;
    }
    expect(hello).toMatchObject({ version: expect.any(String), device: expect.any(String) });
    expect(hello.cases).toContain('matmul');
    expect(answers[0]!.seconds).toHaveLength(2);
    expect(answers[0]!.check).toBeLessThan(1e-6);
  });
});

const { hello } = converse('python3', 'numpy_peer.py', []);
const [d, generatorSamples, generations, ridges] = [6, 16, [0, 1, 3], [0.01, 0.5]];

const request = (trial: Trial) => ({
  case: 'trial',
  shape: { d, generatorSamples, generations, ridges, trials: 600, cells: true, ...trial },
  repeats: 2,
  seed: 5,
});

/** Means and their standard errors by the f64 reference, [ridge][generation] flattened. */
async function reference({ exponent, samples }: Trial) {
  const spectrum = powers(d, exponent ?? 0);
  const generator = { rows: generatorSamples, noise: 0.2 };
  const recipes = chainRecipes({ d, generator, generations, rows: samples, noise: 0.1, ridges, spectrum });
  const job = { recipes, seed: 3 };
  const cells = await allErrors(direct.openReference(job), job, 3000);
  return cells.map((errors) => {
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const square = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (errors.length - 1);
    return { mean, variance: square / errors.length };
  });
}

describe.skipIf(hello.missing)(`NumPy ${hello.missing ? `skipped: ${hello.missing}` : ''}`, () => {
  // All cells of this block together at level 1 %: some 150 comparisons, two-sided.
  const farthest = 4.0;

  it.each([
    { exponent: null, samples: 12 },
    { exponent: null, samples: 4 },
    { exponent: 1.5, samples: 12 },
  ])('means of every method at exponent $exponent and $samples samples', async (setting) => {
    const trials = Object.keys(hello.methods!).map((method) => ({ ...setting, method }));
    const { answers } = converse('python3', 'numpy_peer.py', trials.map(request));
    const cells = await reference(trials[0]!);
    const refused = trials.filter((_, i) => answers[i]!.unsupported).map(({ method }) => method);
    expect(refused.filter((method) => mustWork(method, setting))).toEqual([]);
    for (const [i, { method }] of trials.entries()) {
      const { means, standardErrors, seconds, check } = answers[i]!;
      if (!means) continue;
      expect(seconds, method).toHaveLength(2);
      expect(check).toBe(means.at(-1)![0]);
      const scores = cells.map(({ mean, variance }, c) => {
        const [ridge, generation] = [Math.floor(c / generations.length), c % generations.length];
        const difference = means[generation]![ridge]! - mean;
        return Math.abs(difference) / Math.sqrt(variance + standardErrors![generation]![ridge]! ** 2);
      });
      expect(Math.max(...scores), method).toBeLessThan(farthest);
    }
  });

  it('refuses by name what it cannot do and goes on', () => {
    const known = { method: 'eigh', exponent: null, samples: 12 };
    const { answers } = converse('python3', 'numpy_peer.py', [
      { ...request(known), case: 'dance' },
      request({ ...known, method: 'guess' }),
      request({ ...known, method: 'bidiagonal-vectorised', exponent: 1 }),
      request({ ...known, method: 'wishart-vectorised', samples: 5 }),
      request(known),
    ]);
    const texts = answers.map(({ unsupported }) => unsupported);
    expect(texts[0]).toContain('dance');
    expect(texts[1]).toContain('guess');
    expect(texts[2]).toContain('eigenvalues');
    expect(texts[3]).toContain('at least as many rows');
    expect(answers[4]!.check).toBeGreaterThan(0);
  });

  it('factors and multiplies to double precision', () => {
    const ask = (name: string, shape: object) => ({ case: name, shape, repeats: 1, seed: 1 });
    const { answers } = converse('python3', 'numpy_peer.py', [
      ask('matmul', { n: 40 }),
      ask('gram', { rows: 50, columns: 20, batch: 3 }),
      ask('cholesky', { order: 20, batch: 3 }),
      ask('normals', { count: 10_000 }),
    ]);
    for (const { check } of answers.slice(0, 3)) expect(check).toBeLessThan(1e-13);
    expect(answers[3]!.check).toBeLessThan(4);
  });
});

/** Whether a method has no excuse; SciPy may be missing. */
function mustWork(method: string, { exponent, samples }: Omit<Trial, 'method'>): boolean {
  if (method === 'cho_solve' || method === 'wishart-tridiagonal') return false;
  if (method.startsWith('bidiagonal')) return exponent === null;
  return !method.startsWith('wishart') || samples >= d;
}
