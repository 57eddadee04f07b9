/** The contestant's half of the protocol of README.md in Node: JSON lines in, JSON lines out. */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const say = (message) => writeSync(1, `${JSON.stringify(message)}\n`);

/** Introduces a contestant that cannot take part, and ends. */
export function missing(name, why) {
  say({ name, missing: why });
  process.exit(0);
}

/**
 * Answers requests until stdin ends. A case makes of (shape, seed) the functions `run`, which is timed until the device is
 * idle and called once before as a warm-up, and `check`, called after the last run.
 */
export async function serve(introduction, cases) {
  say({ ...introduction, cases: Object.keys(cases) });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim()) say(await answer(JSON.parse(line), cases));
  }
  // Dawn's threads would keep the process.
  process.exit(0);
}

async function answer({ case: name, shape, repeats, seed }, cases) {
  if (!cases[name]) return { unsupported: `no case ${name}` };
  try {
    const { run, check, close } = await cases[name](shape, seed);
    await run();
    const seconds = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const start = performance.now();
      await run();
      seconds.push((performance.now() - start) / 1000);
    }
    const result = { seconds, check: await check() };
    close();
    return result;
  } catch (error) {
    return { unsupported: String(error?.message ?? error).split('\n', 1)[0] };
  }
}
