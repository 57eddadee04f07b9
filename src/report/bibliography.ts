/** What is cited, as BibTeX: the papers by their arXiv numbers, and this program. */

interface Paper {
  /** Family name first, joined by ` and `; `others` where not all are named. */
  readonly author: string;
  /** Capitals that must stay stand in braces. */
  readonly title: string;
  readonly year: number;
  /** Conference or journal, where it has appeared. */
  readonly venue?: string;
}

const [DOHMATOB, FENG, KEMPE] = ['Dohmatob, Elvis', 'Feng, Yunzhen', 'Kempe, Julia'];

/** By arXiv number. */
export const PAPERS: Readonly<Record<string, Paper>> = {
  '2402.07043': {
    author: `${DOHMATOB} and ${FENG} and Yang, Pu and Charton, Fran{\\c{c}}ois and ${KEMPE}`,
    title: 'A Tale of Tails: Model Collapse as a Change of Scaling Laws',
    year: 2024,
    venue: 'International Conference on Machine Learning',
  },
  '2402.07712': {
    author: `${DOHMATOB} and ${FENG} and ${KEMPE}`,
    title: 'Model Collapse Demystified: The Case of Regression',
    year: 2024,
    venue: 'Advances in Neural Information Processing Systems',
  },
  '2404.01413': {
    author: 'Gerstgrasser, Matthias and Schaeffer, Rylan and others',
    title: 'Is Model Collapse Inevitable? {Breaking} the Curse of Recursion by Accumulating Real and Synthetic Data',
    year: 2024,
    venue: 'Conference on Language Modeling',
  },
  '2406.08466': {
    author: 'Lin, Licong and Wu, Jingfeng and Kakade, Sham M. and Bartlett, Peter L. and Lee, Jason D.',
    title: 'Scaling Laws in Linear Regression: Compute, Parameters, and Data',
    year: 2024,
    venue: 'Advances in Neural Information Processing Systems',
  },
  '2407.04600': {
    author: 'Pareek, Divyansh and Du, Simon S. and Oh, Sewoong',
    title: 'Understanding the Gains from Repeated Self-Distillation',
    year: 2024,
    venue: 'Advances in Neural Information Processing Systems',
  },
  '2410.04840': {
    author: `${DOHMATOB} and ${FENG} and Subramonian, Arjun and ${KEMPE}`,
    title: 'Strong Model Collapse',
    year: 2025,
    venue: 'International Conference on Learning Representations',
  },
  '2305.17493': {
    author:
      'Shumailov, Ilia and Shumaylov, Zakhar and Zhao, Yiren and Papernot, Nicolas and Anderson, Ross and Gal, Yarin',
    title: '{AI} models collapse when trained on recursively generated data',
    year: 2024,
    venue: 'Nature',
  },
  '2307.01850': {
    author: 'Alemohammad, Sina and Casco-Rodriguez, Josue and Luzi, Lorenzo and Humayun, Ahmed Imtiaz and others',
    title: 'Self-Consuming Generative Models Go {MAD}',
    year: 2023,
  },
  '2410.16713': {
    author: 'Kazdan, Joshua and Schaeffer, Rylan and others',
    title: 'Collapse or Thrive? {Perils} and Promises of Synthetic Data in a Self-Generating World',
    year: 2024,
  },
  '2410.18837': {
    author: 'Ildiz, M. Emrullah and Gozeten, Halil Alperen and Taga, Ege Onur and Mondelli, Marco and Oymak, Samet',
    title: 'High-dimensional Analysis of Knowledge Distillation: Weak-to-Strong Generalization and Scaling Laws',
    year: 2025,
    venue: 'International Conference on Learning Representations',
  },
  '2502.18049': {
    author: 'He, Hengzhi and Xu, Shirong and Cheng, Guang',
    title: 'Recursive Learning Without Collapse: {A} Weighting-Based Stabilization Framework',
    year: 2025,
  },
  '2505.18346': {
    author: 'Moniri, Behrad and Hassani, Hamed',
    title: 'On the Mechanisms of Weak-to-Strong Generalization: {A} Theoretical Perspective',
    year: 2025,
    venue: 'Advances in Neural Information Processing Systems',
  },
  '2505.21677': {
    author: 'Vu, Hung Anh and Reeves, Galen and Wenger, Emily',
    title: "What happens when generative {AI} models train recursively on each others' outputs?",
    year: 2025,
  },
  '2509.22341': {
    author: 'Garg, Anvit and others',
    title:
      'Preventing Model Collapse Under Overparametrization: {Optimal} Mixing Ratios for Interpolation Learning and Ridge Regression',
    year: 2025,
  },
  '1803.06964': {
    author: 'Sur, Pragya and Cand{\\`e}s, Emmanuel J.',
    title: 'A Modern Maximum-Likelihood Theory for High-dimensional Logistic Regression',
    year: 2019,
    venue: 'Proceedings of the National Academy of Sciences',
  },
  '1906.03761': {
    author: 'Salehi, Fariborz and Abbasi, Ehsan and Hassibi, Babak',
    title: 'The Impact of Regularization on High-dimensional Logistic Regression',
    year: 2019,
    venue: 'Advances in Neural Information Processing Systems',
  },
  '2410.22812': {
    author: 'Dey, Apratim and Donoho, David',
    title: 'Universality of the {$\\pi^2/6$} Pathway in Avoiding Model Collapse',
    year: 2024,
  },
  '2406.07515': {
    author: 'Feng, Yunzhen and Dohmatob, Elvis and Yang, Pu and Charton, Fran{\\c{c}}ois and Kempe, Julia',
    title: 'Beyond Model Collapse: {Scaling} Up with Synthesized Data Requires Verification',
    year: 2025,
    venue: 'International Conference on Learning Representations',
  },
  '2410.08942': {
    author: 'El Firdoussi, Aymane and others',
    title: 'Maximizing the Potential of Synthetic Data: {Insights} from Random Matrix Theory',
    year: 2025,
    venue: 'International Conference on Learning Representations',
  },
  '2510.16657': {
    author: 'Yi, Bingji and Liu, Qiyuan and Cheng, Yuwei and Xu, Haifeng',
    title:
      'Escaping Model Collapse via Synthetic Data Verification: {Near-term} Improvements and Long-term Convergence',
    year: 2026,
    venue: 'International Conference on Learning Representations',
  },
  '2511.03492': {
    author: 'Dohmatob, Elvis and Pezeshki, Mohammad and Askari-Hemmat, Reyhane',
    title: 'Why Less is More (Sometimes): {A} Theory of Data Curation',
    year: 2026,
    venue: 'International Conference on Learning Representations',
  },
  '2601.15468': {
    author: 'Amin, Kareem and others',
    title: 'Learning from Synthetic Data: Limitations of {ERM}',
    year: 2026,
  },
  '2602.17565': {
    author: 'Dang, H. and Patil, Pratik and Rinaldo, Alessandro',
    title: 'Optimal Unconstrained Self-Distillation in Ridge Regression',
    year: 2026,
  },
  '2603.05691': {
    author: 'Wu, Diyuan and others',
    title: 'Improved Scaling Laws via Weak-to-Strong Generalization in Random Feature Ridge Regression',
    year: 2026,
  },
};

/** arXiv numbers in a citation, each once, versions left out. */
export const papersIn = (text: string): readonly string[] => [...new Set(text.match(/\b\d{4}\.\d{5}(?!\d)/g) ?? [])];

/** The entry of a paper. Throws `RangeError` for one that is not in the table. */
export function bibtexOf(arxiv: string): string {
  const paper = PAPERS[arxiv];
  if (!paper) throw new RangeError(`arXiv:${arxiv} is not in the bibliography`);
  const { author, title, year, venue } = paper;
  const family = author.slice(0, author.indexOf(',')).toLowerCase();
  const fields = {
    author,
    title,
    year: String(year),
    ...(venue ? { booktitle: venue } : {}),
    eprint: arxiv,
    archiveprefix: 'arXiv',
  };
  return entry(venue ? 'inproceedings' : 'misc', `${family}${arxiv.replace('.', '')}`, fields);
}

/** The entry of this program. */
export function programEntry(version: string, commit: string | null): string {
  return entry('software', 'collapselab', {
    author: '{The collapse-lab authors}',
    title: '{collapse-lab}: simulation of model collapse beside its theory',
    version: commit === null ? version : `${version} (${commit.slice(0, 12)})`,
  });
}

function entry(type: string, key: string, fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `  ${name} = {${value}},\n`);
  return `@${type}{${key},\n${lines.join('')}}\n`;
}
