import { z } from 'zod';
import type { BenchRecord } from './record.ts';

/** What of a record everything else relies on; unknown keys are kept. */
const seconds = z.number().nonnegative();
const row = z.looseObject({
  group: z.enum(['kernels', 'trials', 'samplers', 'networks', 'tuning']),
  block: z.string(),
  contestant: z.string(),
  name: z.string(),
  shape: z.record(z.string(), z.number()),
  unit: z.enum(['flop', 'byte', 'word', 'normal', 'draw', 'example', 'trial']),
  flopsPerUnit: z.number().nonnegative(),
  bytesPerUnit: z.number().nonnegative(),
  units: z.number().nonnegative(),
  seconds: z.array(seconds),
  check: z.looseObject({ what: z.string(), value: z.number(), bound: z.number() }).nullable(),
  verdict: z.enum(['ok', 'wrong', 'missing', 'failed']),
  note: z.string(),
});
const reading = z.looseObject({ kernel: z.string(), before: seconds, after: seconds.nullable(), peak: seconds });
const schema = z.looseObject({
  format: z.literal(1),
  command: z.string(),
  date: z.string(),
  seconds,
  version: z.string(),
  commit: z.string().nullable(),
  backend: z.enum(['node', 'chrome', 'firefox']),
  driver: z.string(),
  machine: z.looseObject({ platform: z.string(), processor: z.string(), cores: seconds, loadBefore: seconds }),
  adapter: z.looseObject({ description: z.string(), device: z.string(), software: z.boolean() }),
  rounds: z.number(),
  sampleSeconds: seconds,
  roofline: z
    .looseObject({ flops: reading, bytes: reading, drift: seconds.nullable(), allowedDrift: seconds })
    .nullable(),
  rows: z.array(row),
  overlaps: z.array(z.looseObject({ sampler: z.string(), wallSeconds: seconds, busySeconds: seconds.nullable() })),
  goals: z.array(z.looseObject({ what: z.string(), verdict: z.enum(['met', 'missed', 'not measured']) })),
  peers: z.array(z.looseObject({ name: z.string() })),
  unfinished: z.array(z.string()).optional(),
});

/** The record, or what is wrong with the text. */
export function parseRecord(text: string): BenchRecord | string {
  try {
    return schema.parse(JSON.parse(text)) as unknown as BenchRecord;
  } catch (error) {
    return error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
  }
}
