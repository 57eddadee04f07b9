import {
  ASYMMETRIC_MATCHERS_OBJECT,
  GLOBAL_EXPECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import * as chai from 'chai';

/**
 * What the tests import from vitest, of the two packages it is made of that neither need nor bring Vite: its runner and its expect.
 * A pack puts this in vitest's place.
 */
export { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from '@vitest/runner';

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

type Globals = Record<symbol, object>;
const globals = globalThis as unknown as Globals;

export const expect = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  chai.expect,
  globals[ASYMMETRIC_MATCHERS_OBJECT],
);

globals[GLOBAL_EXPECT] = expect;
setState({ ...getState(expect as never), assertionCalls: 0 }, expect as never);
