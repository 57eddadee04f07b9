/**
 * Plan. The JSON Schema, read by a validator that is not ours, accepts every experiment of the repository and their canonical forms,
 * refuses mistakes an editor should underline, and describes every number. A file whose panels bring what its base lacks is accepted as
 * `parseExperiment` accepts it. It stays small enough for an editor.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { readJson5 } from '../../src/experiment/json.ts';
import { jsonSchema } from '../../src/experiment/json-schema.ts';
import { regimes } from '../../src/regimes/index.ts';
import { parse, small } from './files.ts';

const schema = jsonSchema(regimes, ['direct']);
const validate = new Ajv2020({ strict: false }).compile(schema);
const accepts = (file: JsonObject) => validate(file) === true;

const folder = new URL('../../experiments/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json5'));

describe('accepts', () => {
  it.each(files)('%s', (name) => {
    const raw = readJson5(readFileSync(new URL(name, folder), 'utf8'));
    expect(accepts(raw)).toBe(true);
    expect(accepts(parse(raw).file)).toBe(true);
  });
});

it('accepts panels that bring what the base lacks', () => {
  const { regime, generator, ...base } = small as JsonObject;
  const file = { ...base, panels: [{ name: 'a', regime: regime!, generator: generator! }] };
  expect(() => parse(file)).not.toThrow();
  expect(accepts(file)).toBe(true);
  expect(accepts(base)).toBe(false);
});

it('is small', () => {
  expect(JSON.stringify(jsonSchema(regimes, ['direct'])).length).toBeLessThan(200_000);
});

describe('refuses', () => {
  it.each<[string, JsonObject]>([
    ['an unknown key', { ...small, dimensions: 3 }],
    ['an unknown nested key', { ...small, downstream: { samples: 3, noise: 0, ridge: 0, lambda: 1 } }],
    ['an unknown key of a panel', { ...small, panels: [{ name: 'a', trails: 1 }] }],
    ['an unknown regime', { ...small, regime: 'replac' }],
    ['an unknown sampler', { ...small, sampler: 'wishart' }],
    ['T of 0', { ...small, downstream: { samples: 0, noise: 0, ridge: 0 } }],
    ['a panel without a name', { ...small, panels: [{}] }],
  ])('%s', (_what, file) => {
    expect(accepts(small)).toBe(true);
    expect(accepts(file)).toBe(false);
  });
});

it('is plain JSON', () => {
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
});

it('says what the keys mean', () => {
  const text = JSON.stringify(schema);
  for (const words of [
    'T0, rows of each generator',
    'lambda of the objective',
    'number of features',
    'Monte-Carlo trials',
  ])
    expect(text).toContain(words);
});
