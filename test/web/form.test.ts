import JSON5 from 'json5';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';
import { fieldGroups, fieldValue, problemsAt, setField } from '../../src/web/fields.ts';
import { hintOf } from '../../src/web/hints.ts';
import { presets } from '../../src/web/presets.ts';
import { printFile } from '../../src/web/print.ts';

/*
 * Plan: the form shows what the file says and writes back what the visitor means.
 * - presets: every file has a title and a story; the first figure of the first paper comes first
 * - printed files read back equal, for every preset and for texts with quotes
 * - setting every field to its own text changes nothing
 * - numbers, lists, ranges, words, and texts that mean nothing
 * - a number of the base leaves the sweeps of the panels alone, but not what was printed for it; a field of a panel changes that panel only
 * - what goes without saying is shown as well: the test error along y, which may become one of its terms and the error again
 * - hints come from the schema, also inside unions
 * - problems find their field by path, and not a field whose name only begins alike
 */

const fileOf = (name: string): JsonObject =>
  parseExperiment(presets.find((preset) => preset.name === name)!.file, regimes).file;

const fieldsOf = (file: JsonObject) => fieldGroups(file).flatMap(({ fields }) => fields);

describe('presets', () => {
  it('have titles and stories, and begin with the first figure of the first paper', () => {
    expect(presets.length).toBeGreaterThan(3);
    expect(presets[0]!.name).toBe('demystified-fig1');
    for (const { title, story } of presets) {
      expect(title).not.toBe('');
      expect(story.length).toBeGreaterThan(1);
      expect(story.join(' ')).not.toContain('//');
    }
  });
});

describe('printFile', () => {
  it.each(presets.map(({ name }) => name))('prints %s so that it reads back equal', (name) => {
    const file = fileOf(name);
    expect(JSON5.parse(printFile(file))).toEqual(file);
  });

  it('prints texts with quotes, odd keys and empty lists', () => {
    const file: JsonObject = { title: 'it\'s "so"\n', 'a-b': [], nested: { empty: {}, list: [[1, 2], { x: null }] } };
    expect(JSON5.parse(printFile(file))).toEqual(file);
  });
});

describe('fields', () => {
  it.each(presets.map(({ name }) => name))('of %s set to their own texts change nothing', (name) => {
    const file = fileOf(name);
    const again = fieldsOf(file).reduce((made, { path, text }) => setField(made, path, text), file);
    expect(again).toEqual(file);
  });

  it('read numbers, lists, ranges and words, and keep what means nothing as a text', () => {
    expect(fieldValue('1e-3')).toBe(0.001);
    expect(fieldValue('1, 3,10')).toEqual([1, 3, 10]);
    expect(fieldValue('{ logspace: [-3, 1, 5] }')).toEqual({ logspace: [-3, 1, 5] });
    expect(fieldValue('reused')).toBe('reused');
    expect(fieldValue('{ logspace: [')).toBe('{ logspace: [');
    expect(fieldValue('')).toBe('');
  });

  it('set the base without the panels, and a panel without the others', () => {
    const file = fileOf('demystified-fig1');
    const base = setField(file, 'downstream.samples', '500');
    const unprinted = (file.panels as readonly JsonObject[]).map(({ expected: _, ...panel }) => panel);
    expect(base.panels).toEqual(unprinted);
    expect(base.downstream).toMatchObject({ samples: 500 });
    const panel = setField(file, 'panels.samples.downstream.samples', '300, 400');
    expect(panel.downstream).toEqual(file.downstream);
    expect(JSON.stringify(panel.panels)).toContain('[300,400]');
  });

  it('show what is drawn along y, written or not', () => {
    const file = fileOf('smoke');
    const y = () => fieldsOf(file).find(({ path }) => path === 'figure.y')!;
    expect(y()).toMatchObject({ text: 'error', choices: ['error', 'bias', 'variance', 'collapse'] });
    expect(setField(file, 'figure.y', 'error')).toBe(file);
    const bias = parseExperiment(setField(file, 'figure.y', 'bias'), regimes).file;
    expect(
      fieldsOf(bias)
        .filter(({ path }) => path === 'figure.y')
        .map(({ text }) => text),
    ).toEqual(['bias']);
    expect(parseExperiment(setField(bias, 'figure.y', 'error'), regimes).file).toEqual(file);
  });

  it('let frames be chosen where more varies than x and the curves', () => {
    const field = (file: JsonObject) => fieldsOf(file).find(({ path }) => path === 'figure.facet');
    const file = fileOf('smoke');
    expect(field(file)).toBeUndefined();
    const three = parseExperiment(setField(file, 'generator.noise', '0.1, 0.2, 0.4'), regimes).file;
    expect(field(three)).toMatchObject({ text: 'auto', choices: ['auto', 'none', 'generator.noise', 'generations'] });
    expect(setField(three, 'figure.facet', 'auto')).toBe(three);
    const parted = parseExperiment(setField(three, 'figure.facet', 'generations'), regimes);
    expect(parted.panels[0]!.figure).toMatchObject({ facet: 'generations' });
    expect(field(parted.file)).toMatchObject({ text: 'generations' });
    expect(parseExperiment(setField(parted.file, 'figure.facet', 'auto'), regimes).file).toEqual(three);
    expect(() => parseExperiment(setField(three, 'figure.facet', 'nose'), regimes)).toThrow('figure.facet');
  });

  it('carry the description and the choices of the schema', () => {
    expect(hintOf('dimension', fileOf('smoke')).description).toContain('number of features');
    expect(hintOf('generator.design', fileOf('smoke')).choices).toEqual(['fresh', 'reused']);
    expect(hintOf('covariance.exponent', fileOf('power-law')).description).toContain('beta');
    expect(hintOf('no.such.path', fileOf('smoke'))).toEqual({ description: '', choices: null, numbers: null });
    expect(hintOf('dimension', fileOf('smoke')).numbers).toMatchObject({ integer: true, least: 1 });
    expect(hintOf('downstream.noise', fileOf('smoke')).numbers).toMatchObject({ integer: false, least: 0 });
  });

  it('find their problems', () => {
    const problems = ['downstream.ridge', 'downstream.ridge.power', 'generations[1]', 'trialsome'].map((path) => ({
      path,
      message: 'm',
    }));
    expect(problemsAt('downstream.ridge', problems)).toHaveLength(2);
    expect(problemsAt('generations', problems)).toHaveLength(1);
    expect(problemsAt('trials', problems)).toHaveLength(0);
  });
});
