import { describe, expect, it } from 'vitest';
import { findFirefox } from '../../src/gpu/node/firefox.ts';

/*
 * Plan: which Firefox is taken.
 * - the one that is named, and no other; one that is named and not there is refused
 * - that of the system, the long-lived one first; none is said with what to do
 */

const machine =
  (...paths: readonly string[]) =>
  (path: string) =>
    paths.includes(path);

describe('findFirefox', () => {
  it('takes the one that is named, or refuses it', () => {
    const environment = { COLLAPSE_FIREFOX: '/opt/firefox', PATH: '/usr/bin' };
    expect(findFirefox(environment, machine('/opt/firefox', '/usr/bin/firefox'))).toMatchObject({
      executable: '/opt/firefox',
      source: 'environment',
    });
    expect(() => findFirefox(environment, machine('/usr/bin/firefox'))).toThrow('/opt/firefox, which does not exist');
  });

  it('takes that of the system', () => {
    const environment = { PATH: '/bin:/usr/bin' };
    expect(findFirefox(environment, machine('/bin/firefox', '/usr/bin/firefox-esr')).executable).toBe(
      '/usr/bin/firefox-esr',
    );
    expect(findFirefox(environment, machine('/usr/bin/firefox')).executable).toBe('/usr/bin/firefox');
    expect(() => findFirefox(environment, machine())).toThrow(/firefox-esr.*COLLAPSE_FIREFOX/);
  });
});
