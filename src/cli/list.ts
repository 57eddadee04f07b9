import { regimes } from '../regimes/index.ts';
import { samplers } from '../samplers/index.ts';
import { experimentNames, loadExperiment } from './load.ts';

export interface Listing {
  readonly experiments: readonly {
    readonly name: string;
    readonly title: string;
    readonly cells: number;
    readonly source: string;
  }[];
  readonly regimes: readonly { readonly name: string; readonly title: string; readonly citation: string }[];
  readonly samplers: readonly string[];
}

/** Everything that can be named on the command line. */
export async function listing(): Promise<Listing> {
  const experiments = await Promise.all(
    experimentNames().map(async (name) => {
      const { title, source, panels } = await loadExperiment(name);
      return {
        name,
        title,
        cells: panels.reduce((sum, { cells }) => sum + cells.length, 0),
        source: source ? `arXiv:${source.arxiv}${source.figure ? `, Figure ${source.figure}` : ''}` : '',
      };
    }),
  );
  return {
    experiments,
    regimes: [...regimes.values()].map(({ name, title, citation }) => ({ name, title, citation })),
    samplers: [...samplers.keys()],
  };
}

export function listText({ experiments, regimes: schemes, samplers: names }: Listing): string {
  const width = Math.max(...experiments.map(({ name }) => name.length));
  return [
    'Experiments (collapse run NAME):',
    ...experiments.map(({ name, title, source }) => `  ${name.padEnd(width)}  ${title}${source ? ` · ${source}` : ''}`),
    '',
    'Regimes:',
    ...schemes.map(({ name, title, citation }) => `  ${name}: ${title}\n    ${citation}`),
    '',
    `Samplers: auto, ${names.join(', ')}`,
  ].join('\n');
}
