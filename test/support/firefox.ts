import { existsSync } from 'node:fs';
import { findFirefox } from '../../src/gpu/node/firefox.ts';

/** Whether this machine has a Firefox that tests may drive. */
export function hasFirefox(): boolean {
  try {
    return existsSync(findFirefox().executable);
  } catch {
    return false;
  }
}
