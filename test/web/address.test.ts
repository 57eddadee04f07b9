import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { ExperimentError } from '../../src/experiment/problem.ts';
import { regimes } from '../../src/regimes/index.ts';
import { linkOf, readAddress } from '../../src/web/address.ts';
import { setField } from '../../src/web/fields.ts';
import { type Preset, presets } from '../../src/web/presets.ts';

/*
 * Plan: the address says the whole experiment, and as readably as it can.
 * - a preset as it is: its name and nothing else
 * - changes of numbers: as overrides, in the base and in panels, also where a panel sweeps what the base changes
 * - changes that overrides cannot say (another panel, another kind of covariance): the whole file, packed
 * - each of them read back gives the same canonical file
 * - no address is the first preset; an unknown preset and a damaged file are errors with a path
 */

const canonical = (file: JsonObject) => parseExperiment(file, regimes).file;
const preset = (name: string): Preset => presets.find((one) => one.name === name)!;

async function roundTrip(file: JsonObject, from: Preset | null): Promise<string> {
  const link = await linkOf(file, from);
  expect(canonical((await readAddress(`#${link}`, presets)).file)).toEqual(file);
  return link;
}

describe('linkOf', () => {
  it.each(presets.map(({ name }) => name))('names %s', async (name) => {
    expect(await roundTrip(canonical(preset(name).file), preset(name))).toBe(`preset=${name}`);
  });

  it('says changed numbers as overrides', async () => {
    const file = canonical(setField(canonical(preset('smoke').file), 'generations', '0, 2'));
    expect(decodeURIComponent(await roundTrip(file, preset('smoke')))).toBe('preset=smoke&generations=0,2');
  });

  it('keeps the sweeps of panels when the base changes', async () => {
    const original = canonical(preset('demystified-fig1').file);
    const paths = ['dimension', 'downstream.samples', 'downstream.ridge', 'panels.samples.downstream.ridge'];
    for (const path of paths) {
      const link = await roundTrip(canonical(setField(original, path, '50')), preset('demystified-fig1'));
      expect(link).toMatch(/^preset=demystified-fig1&/);
    }
  });

  it('packs what overrides cannot say', async () => {
    const original = canonical(preset('smoke').file);
    const panels = canonical({ ...original, panels: [{ name: 'one' }, { name: 'two', trials: 3 }] });
    expect(await roundTrip(panels, preset('smoke'))).toMatch(/^s=/);
    const { truth: _, ...rest } = original;
    const other = canonical({ ...rest, truth: { kind: 'gaussian', variance: 1 } });
    await roundTrip(other, preset('smoke'));
    expect(await roundTrip(original, null)).toMatch(/^s=/);
  });
});

describe('readAddress', () => {
  it('takes the first preset when there is none', async () => {
    expect((await readAddress('', presets)).preset).toBe(presets[0]);
    expect((await readAddress('#', presets)).preset).toBe(presets[0]);
  });

  it.each(['#preset=smok', '#s=garbage', '#nonsense'])('refuses %s', async (hash) => {
    await expect(readAddress(hash, presets)).rejects.toBeInstanceOf(ExperimentError);
  });
});
