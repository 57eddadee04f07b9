import type { PuppeteerNode } from 'puppeteer';
import { optional } from '../../experiment/missing-package.ts';

/** Puppeteer, which takes a while to load and is not installed everywhere. Throws `MissingPackage`. */
export async function loadPuppeteer(): Promise<PuppeteerNode> {
  const { default: puppeteer } = await optional('puppeteer', 'Browsers are driven by', () => import('puppeteer'));
  return puppeteer;
}
