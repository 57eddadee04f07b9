/** A contestant for tests: answers trials with fixed times; `node fake-contestant.mjs silent|missing|dies` misbehaves. */
import { createInterface } from 'node:readline';

const kind = process.argv[2];
if (kind === 'dies') process.exit(1);
const hello = {
  name: 'fake',
  version: '1',
  device: 'none',
  cases: ['trial', 'gram'],
  methods: { plain: 'one way', 'plain-f32': 'another' },
};
console.log(JSON.stringify(kind === 'missing' ? { name: 'fake', missing: 'not installed' } : hello));
for await (const line of createInterface({ input: process.stdin })) {
  const { case: name, shape, repeats } = JSON.parse(line);
  if (name === 'gram') console.log(JSON.stringify({ unsupported: 'too large' }));
  // A hundredth of a second per trial, and the theory's own mean.
  else
    console.log(JSON.stringify({ seconds: Array(repeats).fill(shape.trials / 100), check: Number(process.argv[3]) }));
}
