// A sweep from a script:  node examples/script.mjs

import { writeFileSync } from 'node:fs';
import { check, parseExperiment, REFERENCE, run, theory } from 'collapse-lab';
import { figureSvg, openDevice } from 'collapse-lab/node';

const device = await openDevice().catch(() => REFERENCE);
for (const noise of [0.1, 0.4]) {
  const experiment = parseExperiment({
    name: `noise-${100 * noise}-percent`,
    regime: 'replace',
    dimension: 40,
    covariance: { kind: 'isotropic' },
    generator: { samples: 80, noise },
    downstream: { samples: 160, noise, ridge: 0.01 },
    generations: [0, 1, 2, 4],
    trials: 300,
  });
  const { results } = await run(experiment, { device });
  const predicted = theory(experiment);
  console.log(`\nnoise ${noise}, ${device.driver}: ${check(results).ok ? 'as theory says' : 'not as theory says'}`);
  for (const [i, cell] of results.panels[0].cells.entries())
    console.log(
      `  generation ${cell.at.generations}: ${cell.mean.toFixed(4)} ± ${cell.sem.toFixed(4)}, theory ${predicted[i].theory.toFixed(4)}`,
    );
  writeFileSync(`${experiment.name}.svg`, figureSvg(results));
}
await device.close();
