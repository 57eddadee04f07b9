import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { regimes } from '../../src/regimes/index.ts';
import { bibtexOf, PAPERS, papersIn, programEntry } from '../../src/report/bibliography.ts';

/*
 * Plan
 * - every paper that a regime cites, or an experiment file names as its source, has an entry, and no entry is of a paper that nobody cites
 * - an entry word for word; a number without an entry is refused
 */

it('has every paper that is cited, and no other', () => {
  const files = readdirSync('experiments').map((name) => readFileSync(`experiments/${name}`, 'utf8'));
  const sources = files.flatMap((text) => [...text.matchAll(/arxiv: '([^']+)'/g)].map(([, number]) => number));
  const cited = papersIn([...[...regimes.values()].map(({ citation }) => citation), ...sources].join(' '));
  expect([...cited].sort()).toEqual(Object.keys(PAPERS).sort());
});

it('writes BibTeX', () => {
  expect(papersIn('A. arXiv:2402.07712v2; B, arXiv:2402.07043 and 2402.07712')).toEqual(['2402.07712', '2402.07043']);
  expect(bibtexOf('2402.07712')).toBe(`@inproceedings{dohmatob240207712,
  author = {Dohmatob, Elvis and Feng, Yunzhen and Kempe, Julia},
  title = {Model Collapse Demystified: The Case of Regression},
  year = {2024},
  booktitle = {Advances in Neural Information Processing Systems},
  eprint = {2402.07712},
  archiveprefix = {arXiv},
}
`);
  expect(programEntry('1.2.3', 'abcdef0123456789')).toContain('version = {1.2.3 (abcdef012345)}');
  expect(() => bibtexOf('0000.00000')).toThrow(RangeError);
});
