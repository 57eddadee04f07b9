import { figure, openDevice, parseExperiment, REFERENCE, run } from 'collapse-lab';

// Ridge regression on labels of a model that was fitted to labels of a model: what is left of the truth?
const file = `{ name: 'page', regime: 'replace', dimension: 50, covariance: { kind: 'isotropic' }, generations: [0, 1, 2, 4, 8],
  generator: { samples: 100, noise: 0.2 }, downstream: { samples: 200, noise: 0.2, ridge: 0.01 }, trials: 400 }`;
const device = await openDevice().catch(() => REFERENCE);
const { results } = await run(parseExperiment(file), { device });
document.querySelector('#text').textContent = `${results.panels[0].cells.length} cells on ${device.driver}`;
document.body.append(figure(results));
