import { healthily } from '../gpu/gpu.ts';
import type { Command, Launcher } from '../gpu/launcher.ts';
import { ReadBack } from '../gpu/read-back.ts';
import { BoundProgram } from './bound.ts';
import type { CheckpointKeeper } from './checkpoint.ts';
import { LongBatches } from './long-batch.ts';
import type { Program } from './program.ts';
import { checked, rescued, unaccelerated } from './rescue.ts';
import { type EarlyResults, joined, type TrialBatch, type TrialSource } from './trials.ts';

/**
 * Allocates, compiles and binds a program for batches of at most `capacity` trials, and draws them; only results come back.
 * Rejects with what the device reports.
 */
export async function openProgram(program: Program, launcher: Launcher, capacity: number): Promise<TrialSource> {
  const { fallback } = program;
  if (!fallback) return openDevice(program, launcher, capacity);
  const { source, reason, check, floors } = fallback;
  if (reason) return unaccelerated(source(), capacity);
  const device = await openDevice(program, launcher, capacity);
  return rescued(check ? checked(device, await openDevice(check, launcher, capacity)) : device, source(), floors);
}

async function openDevice(program: Program, launcher: Launcher, capacity: number): Promise<TrialSource> {
  const { gpu } = launcher;
  const { host, results } = program.form;
  const room = host && !program.form.feedsBatches ? 1 : capacity;
  const bound = new BoundProgram(program, launcher, room);
  try {
    return await healthily(gpu, async () => {
      const commands = await bound.commands(program.steps);
      const feed = host ? await host((name, offset, words) => bound.write(name, offset, words)) : null;
      const back = new ReadBack(
        gpu,
        results.map((name) => bound.buffer(name)),
      );
      const close = () => {
        back.close();
        bound.close();
      };
      const long = program.form.long ? new LongBatches(program, launcher, bound, commands, room) : null;
      const source = { ...batchSource(program, launcher, commands, back, room, long), close };
      return feed ? fed(source, feed, room, capacity) : source;
    });
  } catch (error) {
    bound.close();
    throw error;
  }
}

/** Draws a batch at a time; the next one may be asked for while one is under way. */
function batchSource(
  { form }: Program,
  launcher: Launcher,
  commands: readonly Command[],
  back: ReadBack,
  capacity: number,
  long: LongBatches | null,
): Omit<TrialSource, 'close'> {
  let given: Promise<unknown> = Promise.resolve();
  let listener: (trials: number, early: EarlyResults | null) => void = () => {};
  const watch = (one: typeof listener) => {
    listener = one;
  };
  let keeper: CheckpointKeeper | null = null;
  const keep = (one: CheckpointKeeper) => {
    keeper = one;
  };
  const run = async (first: number, count: number, signal?: AbortSignal): Promise<TrialBatch> => {
    const copies = back.next();
    let done = 0;
    const onShare = (share: number) => {
      done = share * count;
      listener(done, null);
    };
    const onEarly = (early: EarlyResults) => listener(done, early);
    const launched = given.then(() =>
      long
        ? long.run(first, count, copies.commands, { signal, onShare, onEarly, keeper })
        : launcher
            .submit([...commands, ...copies.commands], first, count)
            .then(({ finished }) => ({ finished, whole: true })),
    );
    given = launched.catch(() => {});
    const { finished, whole } = await launched;
    await finished;
    const batch = await copies.read((contents) => form.read(contents, first, count, capacity));
    return whole ? batch : joined(first, []);
  };
  return {
    capacity,
    run: (first, count, signal) => healthily(launcher.gpu, () => run(first, count, signal)),
    ...(form.long && { watch }),
    ...(form.state && { keep }),
    ready: () => given.then(() => {}),
  };
}

/** Feeds trials before they are drawn, as many at once as there is room for: nothing is asked ahead. */
function fed(
  { run, watch, keep, close }: TrialSource,
  feed: (trial: number, place: number) => void,
  room: number,
  capacity: number,
): TrialSource {
  return {
    capacity,
    ...(watch && { watch }),
    ...(keep && { keep }),
    run: async (first, count, signal) => {
      const batches: TrialBatch[] = [];
      for (let at = first; at < first + count && !signal?.aborted; at += room) {
        const some = Math.min(room, first + count - at);
        for (let place = 0; place < some; place++) feed(at + place, place);
        batches.push(await run(at, some, signal));
      }
      return joined(first, batches);
    },
    close,
  };
}
