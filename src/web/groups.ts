import { isObject } from '../experiment/json.ts';
import { regimes } from '../regimes/index.ts';
import type { Preset } from './presets.ts';

/** Experiments about one question. */
export interface Question {
  readonly question: string;
  readonly presets: readonly Preset[];
}

/** Experiments of one paper. */
export interface Paper {
  readonly title: string;
  readonly arxiv: string | null;
  readonly questions: readonly Question[];
}

const TITLES: Readonly<Record<string, string>> = {
  '2402.07712': 'Model Collapse Demystified',
  '2410.04840': 'Strong Model Collapse',
  '2402.07043': 'A Tale of Tails',
  '2404.01413': 'Is Model Collapse Inevitable?',
  '2410.16713': 'Collapse or Thrive?',
  '2305.17493': 'AI Models Collapse When Trained on Recursively Generated Data',
  '2502.18049': 'Recursive Learning Without Collapse',
  '2505.18346': 'On the Mechanisms of Weak-to-Strong Generalization',
  '2603.05691': 'Weak-to-Strong Scaling Laws of Random Features',
  '2410.18837': 'High-dimensional Analysis of Knowledge Distillation',
  '2505.21677': 'Generative Models Train on Each Other',
  '2601.15468': 'Learning from Synthetic Data: Limitations of ERM',
  '2406.08466': 'Scaling Laws in Linear Regression',
  '2511.03492': 'Why Less is More (Sometimes)',
  '2406.07515': 'Beyond Model Collapse: Verification',
  '2410.08942': 'Maximizing the Potential of Synthetic Data',
  '1803.06964': 'High-dimensional Logistic Regression',
  '2407.04600': 'Understanding the Gains from Repeated Self-Distillation',
};

/** What the experiments of a regime ask. */
const QUESTIONS: Readonly<Record<string, string>> = {
  replace: 'What does every generation of labels add to the error?',
  growing: 'Does it help to have more data in each generation?',
  'kernel-replace': 'Is it so with images and kernels?',
  mixture: 'How much does a little synthetic data harm?',
  weighted: 'Can weights undo it?',
  iterative: 'Can it be undone by mixing again and again?',
  'image-mixture': 'Is it so with images and random features?',
  network: 'Is it so with networks that learn their features?',
  hutter: 'What does a lost tail do to a scaling law?',
  'hutter-pooled': 'What are real and synthetic data worth together?',
  bigram: 'What becomes of a language model over generations?',
  'associative-memory': 'What does a memory of limited size forget?',
  gcd: 'Which skills are never learnt from a model that lacks them?',
  divisors: 'What does a network learn from another that lacks some skills?',
  accumulate: 'What if old labels are kept?',
  'accumulate-subsample': 'What if old labels are kept, and a part of them is seen?',
  'golden-ratio': 'How should real and synthetic labels be mixed?',
  'weak-to-strong': 'When does a student do better than its teacher?',
  surrogate: 'Which labels would be better than those of the truth?',
  descent: 'What if models descend along their data once?',
  ecosystem: 'What if models learn from each other?',
  contaminated: 'What if nobody knows which data are generated?',
  curation: 'Which rows should a judge keep?',
  'self-training': 'Does a judge stop the collapse of self-training?',
  verification: 'How good must a verifier be?',
  'verifier-chances': 'What does a verifier let pass?',
  'verified-regression': 'Where does a model go that learns what a verifier accepts?',
  'gaussian-chain': 'What does a Gaussian forget that learns from itself?',
  'logistic-chain': 'What becomes of classifiers that learn from each other?',
  'self-distillation': 'What does a model gain from its own labels?',
};

/** Experiments by paper and by question, in the order of their files; those of no paper come last. */
export function papersOf(presets: readonly Preset[]): readonly Paper[] {
  const ids = [...new Set([...Object.keys(TITLES), ...presets.map(arxivOf)])].filter((id) => id !== null);
  return [...ids, null]
    .map((arxiv) => ({
      title: arxiv === null ? 'To try things out' : (TITLES[arxiv] ?? `arXiv:${arxiv}`),
      arxiv,
      questions: questionsOf(presets.filter((preset) => arxivOf(preset) === arxiv)),
    }))
    .filter(({ questions }) => questions.length > 0);
}

function questionsOf(presets: readonly Preset[]): readonly Question[] {
  const names = [...new Set(presets.map(regimeOf))];
  return names.map((name) => ({
    question: QUESTIONS[name] ?? regimes.get(name)?.title ?? name,
    presets: presets.filter((preset) => regimeOf(preset) === name),
  }));
}

/** Those of which every word of the search is somewhere in the name, the title or the text. */
export function matching(presets: readonly Preset[], search: string): readonly Preset[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return presets.filter(({ name, title, story, file }) => {
    const text = `${name} ${title} ${story.join(' ')} ${String(file.regime)} ${arxivOf({ file }) ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** What a figure is about, from the head of its text: what follows the colon, up to the next stop. */
export function subjectOf({ story }: Preset): string {
  const [, after = ''] = /: (.*)/s.exec(story[0] ?? '') ?? [];
  const clause = after.split(/[.;:](?=\s|$)|, (?:for|as|by) /)[0]!.trim();
  return clause.length > MOST_SAID ? `${clause.slice(0, clause.lastIndexOf(' ', MOST_SAID))} …` : clause;
}

/** Characters, two lines of a list. */
const MOST_SAID = 90;

function arxivOf({ file }: Pick<Preset, 'file'>): string | null {
  return isObject(file.source) && typeof file.source.arxiv === 'string' ? file.source.arxiv : null;
}

const regimeOf = ({ file }: Preset): string => String(file.regime);
