/**
 * A day with a card: everything that is to be known of a GPU, stage by stage, each within a budget of minutes and written as it goes.
 *
 * usage: node bench/day/day.mjs --out DIR [--minutes 30] [--only STAGE...] [--quick]
 *
 * What is written in DIR: `day.json` says of every stage how it ended; `tests.json`, `tuning.json`, `kernels.json`, `trials.json`,
 * `chrome.json` and `firefox.json` hold what they measured, `log.txt` what was said. The same command again goes on with what is not
 * done. `collapse bench --from DIR/` makes tables, plots and verdicts of it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '../..');
const COLLAPSE = join(root, 'dist/cli/collapse.js');
const TESTS = join(root, 'dist/tests');

/** In order; a stage gets of the time that is left as its weight is to the weights of those that are still to come. */
const STAGES = [
  { name: 'doctor', weight: 1, run: doctor },
  { name: 'tests', weight: 8, run: tests },
  { name: 'tuning', weight: 4, run: bench('tuning', '--only', 'tuning') },
  { name: 'kernels', weight: 7, run: bench('kernels', '--only', 'roofline', 'kernels', 'peers') },
  { name: 'trials', weight: 8, run: bench('trials', '--only', 'trials', 'samplers', 'peers') },
  { name: 'chrome', weight: 2, run: bench('chrome', '--only', 'kernels', '--backend', 'chrome') },
  { name: 'firefox', weight: 2, run: bench('firefox', '--only', 'kernels', '--backend', 'firefox') },
];

/** Seconds after its budget in which a stage ends by itself: the repeat under way, the last reading of the peaks. */
const GRACE = 30;

const flags = flagsOf();
const minutes = Number(flags.minutes);
const unknown = (flags.only ?? []).filter((name) => !STAGES.some((stage) => stage.name === name));
if (!flags.out || !(minutes > 0) || unknown.length > 0) refuse();
const out = resolve(flags.out);
mkdirSync(out, { recursive: true });
const day = read('day.json') ?? { format: 1, begun: new Date().toISOString(), stages: [] };

function flagsOf() {
  const options = {
    out: { type: 'string' },
    minutes: { type: 'string', default: '30' },
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
  };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(error.message);
    return refuse();
  }
}

function refuse() {
  const names = STAGES.map(({ name }) => name).join(', ');
  console.error(`usage: day --out DIR [--minutes 30] [--only STAGE]... [--quick]   stages: ${names}`);
  process.exit(2);
}

/** Adapters, features, limits and the self-test, and what the driver says of the card. */
async function doctor(seconds) {
  const { code, text } = await program([COLLAPSE, 'doctor'], seconds);
  const { stdout } = spawnSync('nvidia-smi', { encoding: 'utf8' });
  return { state: stateOf(code), detail: [text.trim(), stdout?.trim()].filter(Boolean).join('\n\n') };
}

/** Rooms of test/ in the order in which their files run. */
const ROOMS = ['kernels', 'samplers', 'regimes', 'engine'];

/** Every file of tests in a process of its own, several at a time; a file that is through is not run again. */
async function tests(seconds) {
  const files = existsSync(TESTS) ? readdirSync(TESTS).filter((name) => name.endsWith('.test.js')) : [];
  const rank = (file) => ROOMS.indexOf(file.split('-', 1)[0]);
  files.sort((a, b) => rank(a) - rank(b));
  if (files.length === 0) return { state: 'missing', detail: 'the tests are bundled by bench/pack.mjs only' };
  const outcomes = read('tests.json') ?? {};
  const until = performance.now() + 1000 * seconds;
  const left = () => (until - performance.now()) / 1000;
  const queue = files
    .filter((file) => !(file in outcomes) || outcomes[file].crashed)
    .slice(0, flags.quick ? 2 : files.length);
  const wanted = queue.length;
  let through = 0;
  const worker = async () => {
    for (let file = queue.shift(); file && left() > 0; file = queue.shift()) {
      const begun = performance.now();
      const { code, text, said } = await program([join(TESTS, 'run-tests.js'), join(TESTS, file)], left());
      if (code === 'late') return;
      outcomes[file] = { ...outcomeOf(code, text, said), seconds: (performance.now() - begun) / 1000 };
      write('tests.json', outcomes);
      through++;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.floor(cpus().length / 4)) }, worker));
  const all = Object.values(outcomes);
  const passed = all.reduce((sum, one) => sum + one.passed, 0);
  const failed = all.reduce((sum, one) => sum + one.failed.length, 0);
  const detail = `${passed} passed, ${failed} failed in ${all.length} of ${files.length} files`;
  const crashed = all.some((one) => one.crashed);
  return { state: crashed ? 'failed' : through === wanted ? 'done' : 'cut', detail };
}

/** A file that ended without its line of JSON has crashed, and is run again by the next call. */
function outcomeOf(code, text, said) {
  try {
    return JSON.parse(text.trim().split('\n').at(-1));
  } catch {
    const message = `ended with ${code}: ${said.trim().slice(-500)}`;
    return { passed: 0, failed: [{ name: 'the whole file', message }], crashed: true };
  }
}

/** A record of `collapse bench`, which ends by itself when its seconds are over. */
function bench(name, ...args) {
  return async (seconds) => {
    const file = join(out, `${name}.json`);
    const { code, said } = await program(
      [
        ...[COLLAPSE, 'bench', ...args, '--out', file, '--resume'],
        ...['--minutes', String(Math.max(seconds - 5, 1) / 60)],
        ...(flags.quick ? ['--quick'] : []),
      ],
      seconds + GRACE,
    );
    const record = read(`${name}.json`);
    if (!record)
      return { state: code === NO_DEVICE ? 'missing' : stateOf(code), detail: said.trim().split('\n').at(-1) };
    const { rows, unfinished } = record;
    const wrong = rows.filter(({ verdict }) => verdict === 'wrong' || verdict === 'failed').length;
    const detail = `${rows.length} rows, ${wrong} wrong or failed${unfinished.length > 0 ? `, not done: ${unfinished.join(', ')}` : ''}`;
    return { state: unfinished.length > 0 || code === 'late' ? 'cut' : stateOf(code), detail };
  };
}

/** Exit codes of collapse: a check that failed is a result like any other; no device or no browser. */
const CHECK_FAILED = 1;
const NO_DEVICE = 3;

const stateOf = (code) => (code === 0 || code === CHECK_FAILED ? 'done' : code === 'late' ? 'cut' : 'failed');

/** Runs a program of Node and all that it starts; all of it is ended when its seconds are over. */
function program(args, seconds) {
  return new Promise((done) => {
    let text = '';
    let said = '';
    let late = false;
    const child = spawn(process.execPath, args, { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = setTimeout(() => {
      late = true;
      process.kill(-child.pid, 'SIGKILL');
    }, 1000 * seconds);
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.stderr.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-2000);
      appendFileSync(join(out, 'log.txt'), chunk);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      done({ code: late ? 'late' : (code ?? signal), text, said });
    });
  });
}

function note(name, entry) {
  day.minutes = minutes;
  day.stages = [...day.stages.filter((stage) => stage.name !== name), { name, ...entry }];
  write('day.json', day);
}

function say(text) {
  console.error(text);
  appendFileSync(join(out, 'log.txt'), `${text}\n`);
}

function read(name) {
  const path = join(out, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

/** Whole or not at all. */
function write(name, value) {
  writeFileSync(join(out, `${name}.new`), `${JSON.stringify(value, null, 1)}\n`);
  renameSync(join(out, `${name}.new`), join(out, name));
}

const end = performance.now() + 60_000 * minutes;
const secondsLeft = () => (end - performance.now()) / 1000;
const todo = STAGES.filter(({ name }) => flags.only?.includes(name) ?? true).filter(
  ({ name }) => !day.stages.some((stage) => stage.name === name && stage.state === 'done'),
);
for (const [i, { name, weight, run }] of todo.entries()) {
  const weights = todo.slice(i).reduce((sum, stage) => sum + stage.weight, 0);
  const seconds = Math.max(0, (secondsLeft() * weight) / weights);
  const begun = performance.now();
  note(name, { state: 'running', seconds: 0, budget: seconds, detail: '' });
  say(`${name}: at most ${Math.round(seconds)} s`);
  const { state, detail } = await run(seconds);
  const took = (performance.now() - begun) / 1000;
  note(name, { state, seconds: took, budget: seconds, detail });
  say(`${name}: ${state} after ${Math.round(took)} s${detail && name !== 'doctor' ? `; ${detail}` : ''}`);
}
say(`what was measured is in ${out}; collapse bench --from ${out}/ makes tables of it`);
