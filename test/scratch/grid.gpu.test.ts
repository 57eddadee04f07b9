import { it } from 'vitest';
import { samplers } from '../../src/samplers/index.ts';
import { chainRecipes, powers } from '../support/chains.ts';
import { useGpu } from '../support/gpu.ts';
const context = useGpu();
const names = (process.env['NAMES'] ?? 'bidiagonal,direct,wishart,krylov').split(',');
it('grid', async () => {
  const d = Number(process.env['D'] ?? 24);
  for (const name of names) {
    const sampler = samplers.get(name)!;
    const out: string[] = [];
    for (const rows of [1, d >> 1, d - 1, d, d + 1, 2 * d])
      for (const genRows of [0, d >> 1, 2 * d])
        for (const noise of [0, 1e-6, 0.3, 1e6])
          for (const g of genRows ? [1e-6, 1, 1e6] : [0])
            for (const exponent of name === 'bidiagonal' ? [0] : [0, 1]) {
              const spectrum = powers(d, exponent);
              const recipes = [...chainRecipes({ d, rows, noise, spectrum, generations: [genRows ? 2 : 0], ridges: [0, 1e-12, 1e-9, 1e-6, 1e-3, 1, 1e3, 1e6, 1e9, 1e12], ...(genRows ? { generator: { rows: genRows, noise: g } } : {}) })].filter((r) => !sampler.refuses(r));
              if (recipes.length === 0) continue;
              const job = { seed: 7, recipes };
              const source = await sampler.openGpu(job, context.launcher, 20);
              const got = await source.run(0, 20);
              source.close();
              const ref = await sampler.openReference(job).run(0, 20);
              const norm = Math.sqrt(spectrum.reduce((a, b) => a + b) / d);
              recipes.forEach((r, cell) => {
                let [worst, rel, bad] = [0, 0, 0];
                for (let t = 0; t < 20; t++) {
                  const at = cell * 20 + t;
                  if (got.statuses[at] !== 0 || ref.statuses[at] !== 0) { bad++; continue; }
                  const [a, e] = [got.errors[at]!, ref.errors[at]!];
                  worst = Math.max(worst, Math.abs(a - e) / (Math.sqrt(e) * (Math.sqrt(e) + norm)) || 0);
                  rel = Math.max(rel, Math.abs(a / e - 1) || 0);
                }
                if (worst > 1e-5 || rel > 1e-4 || bad) out.push(`${name} T=${rows} T0=${genRows} noise=${noise} g=${g} s=j^-${exponent} ridge=${r.estimate.ridge}: ${worst.toExponential(1)} rel ${rel.toExponential(1)} bad ${bad} E~${ref.errors[cell * 20]!.toExponential(1)}`);
              });
            }
    console.log(name, out.length, '\n' + out.join('\n'));
  }
}, 1e7);
