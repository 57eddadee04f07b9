/**
 * Plan. For any right file: its canonical form, as object or as JSON text, parses to the same experiment and is its own
 * canonical form; the hash is that of the meaning (order of keys, defaults written or not, panels spelled out or not) and
 * changes with any number; the link carries the file unharmed. Laying a difference over what is common restores the whole.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/experiment/experiment.ts';
import { experimentHash, fnv1a64 } from '../../src/experiment/hash.ts';
import { decodeLink, encodeLink } from '../../src/experiment/link.ts';
import { parse, small } from './files.ts';

const real = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 10, noNaN: true }));
const swept = (inner: fc.Arbitrary<number>): fc.Arbitrary<JsonValue> =>
  fc.oneof(inner, fc.array(inner, { minLength: 1, maxLength: 3 }));
const sweptReal = fc.oneof(
  swept(real),
  fc.record({
    logspace: fc.tuple(
      fc.integer({ min: -3, max: 3 }),
      fc.integer({ min: -3, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
    ),
  }),
  fc.record({ linspace: fc.tuple(real, real, fc.integer({ min: 1, max: 3 })) }),
);
const sweptCount = (least: number) => swept(fc.integer({ min: least, max: 50 }));

const covariance = fc.oneof(
  fc.record({ kind: fc.constant('isotropic'), trace: real.map((x) => x + 1) }, { requiredKeys: ['kind'] }),
  fc.record({ kind: fc.constant('power-law'), exponent: swept(real) }),
);
const truth = fc.oneof(
  fc.record({ kind: fc.constant('sphere'), norm: sweptReal }, { requiredKeys: ['kind'] }),
  fc.record({ kind: fc.constant('gaussian'), variance: sweptReal }),
);
const design = fc.constantFrom('fresh', 'reused');
const generator = fc.record({ samples: sweptCount(1), noise: real, design }, { requiredKeys: ['samples', 'noise'] });
const ridge = fc.oneof(sweptReal, fc.record({ power: swept(real) }));
const downstream = fc.record({ samples: sweptCount(1), noise: sweptReal, ridge });
const figure = fc.record({ x: fc.constantFrom('generations', 'downstream.samples', 'dimension') });
const options = {
  covariance,
  truth,
  generations: sweptCount(0),
  trials: fc.integer({ min: 1, max: 1e6 }),
  seed: fc.maxSafeNat(),
  sampler: fc.constantFrom('auto', 'direct'),
  figure,
};
const panel = fc.record(
  {
    ...options,
    dimension: sweptCount(1),
    downstream: fc.record({ samples: sweptCount(1), ridge }, { requiredKeys: [] }),
    generator: fc.record({ design, noise: real }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const panels = fc
  .array(panel, { minLength: 1, maxLength: 3 })
  .map((all) => all.map((p, i) => ({ name: `p${i}`, ...p })));
const file = fc.record(
  {
    name: fc.constant('any'),
    regime: fc.constant('replace'),
    dimension: sweptCount(1),
    generator,
    downstream,
    ...options,
    panels,
  },
  { requiredKeys: ['name', 'regime', 'dimension', 'generator', 'downstream'] },
) as fc.Arbitrary<unknown> as fc.Arbitrary<JsonObject>;

describe('canonical form', () => {
  it('parses to the same experiment, as object and as text', () => {
    fc.assert(
      fc.property(file, (raw) => {
        const experiment = parse(raw);
        expect(parse(experiment.file)).toEqual(experiment);
        expect(parse(JSON.stringify(experiment.file))).toEqual(experiment);
        expect(JSON.stringify(parse(experiment.file).file)).toBe(JSON.stringify(experiment.file));
      }),
      { numRuns: 150 },
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(file, (raw) => {
        expect(experimentHash(parse(reversed(raw) as JsonObject).file)).toBe(experimentHash(parse(raw).file));
      }),
      { numRuns: 100 },
    );
  });

  it('has its keys in the order of the schema', () => {
    const keys = Object.keys(parse(reversed(small) as JsonObject).file);
    const own = ['dimension', 'covariance', 'truth', 'downstream', 'generations'];
    expect(keys).toEqual(['name', 'title', 'regime', ...own, 'trials', 'seed', 'sampler']);
  });

  it('is the same whether panels inherit or spell out', () => {
    const { downstream, ...rest } = small;
    const other = { samples: 10, noise: 0.1, ridge: 1 };
    const inherit = parse({ ...small, panels: [{ name: 'a' }, { name: 'b', downstream: { ridge: 1 } }] });
    const spelled = {
      ...rest,
      panels: [
        { name: 'a', downstream: downstream! },
        { name: 'b', downstream: other },
      ],
    };
    expect(parse(spelled).file).toEqual(inherit.file);
  });

  it('leaves a single panel called main out', () => {
    expect(parse({ ...small, panels: [{ name: 'main', trials: 3 }] }).file).toEqual(
      parse({ ...small, trials: 3 }).file,
    );
  });
});

describe('hash', () => {
  it('is FNV-1a of 64 bits', () => {
    const of = (text: string) => fnv1a64(new TextEncoder().encode(text));
    expect(of('')).toBe(0xcbf29ce484222325n);
    expect(of('a')).toBe(0xaf63dc4c8601ec8cn);
    expect(of('foobar')).toBe(0x85944171f73967e8n);
  });

  it('is the same for ever: results on disk are found by it', () => {
    expect(experimentHash(parse(small).file)).toBe('1fb0c71b1959d91d');
  });

  it('does not see defaults written out, and sees every number', () => {
    const hash = (change: JsonObject) => experimentHash(parse({ ...small, ...change }).file);
    expect(hash({ trials: 1000, truth: { kind: 'sphere' } })).toBe(hash({}));
    const changes: JsonObject[] = [
      {},
      { trials: 1001 },
      { seed: 2 },
      { dimension: 6 },
      { sampler: 'direct' },
      { name: 'other' },
    ];
    expect(new Set(changes.map(hash)).size).toBe(changes.length);
  });
});

describe('link', () => {
  it('carries any file', async () => {
    await fc.assert(
      fc.asyncProperty(file, async (raw) => {
        const canonical = parse(raw).file;
        const link = await encodeLink(canonical);
        expect(link).toMatch(/^s=[A-Za-z0-9_-]+$/);
        expect(await decodeLink(`https://example.org/lab/#${link}`)).toEqual({
          kind: 'file',
          file: canonical,
          overrides: [],
        });
      }),
      { numRuns: 50 },
    );
  });
});

function reversed(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return Array.isArray(value) ? value.map(reversed) : value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, reversed(inner)] as const)
      .reverse(),
  );
}
