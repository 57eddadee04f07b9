import { regimes } from '../regimes/index.ts';
import { bibtexOf, PAPERS, papersIn, programEntry } from '../report/bibliography.ts';
import { loadExperiment } from './load.ts';
import { packageCommit, packageVersion } from './package.ts';

/** `collapse cite [NAME]`: BibTeX of this program and of the papers behind an experiment or a regime; of all without a name. */
export async function citeText(name: string | undefined): Promise<string> {
  const papers = name === undefined ? Object.keys(PAPERS) : await papersBehind(name);
  return [programEntry(packageVersion, packageCommit), ...papers.map(bibtexOf)].join('\n');
}

/** The paper that a file reproduces first, then those of its regimes. */
async function papersBehind(name: string): Promise<readonly string[]> {
  const regime = regimes.get(name);
  if (regime) return papersIn(regime.citation);
  const { panels, source } = await loadExperiment(name);
  return papersIn([source?.arxiv ?? '', ...panels.map((panel) => regimes.get(panel.regime)!.citation)].join(' '));
}
