/**
 * Lets Node load packages that were written for bundlers: ES modules that import one another without the ending of their names, in packages that do
 * not call themselves modules. Given to `module.register`.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OURS = '/node_modules/@tensorflow/';

export async function resolve(specifier, context, next) {
  const from = context.parentURL ?? '';
  if (specifier.startsWith('.') && from.includes(OURS)) {
    const base = new URL(specifier, from).href;
    const found = [base, `${base}.js`, `${base}/index.js`].find(
      (url) => /\.js$/.test(url) && existsSync(fileURLToPath(url)),
    );
    if (found) return { url: found, format: 'module', shortCircuit: true };
  }
  if (specifier === 'seedrandom' && from.includes(OURS)) {
    // What a bundler makes of `import * as` of a CommonJS module.
    const { url } = await next(specifier, context);
    const code = `import all from ${JSON.stringify(url)}; export const alea = all.alea;`;
    return { url: `data:text/javascript,${encodeURIComponent(code)}`, format: 'module', shortCircuit: true };
  }
  // A file within another of them.
  const within = /^@tensorflow\/[^/]+\/(?!.*\.js$)/.test(specifier);
  const resolved = await next(within ? `${specifier}.js` : specifier, context);
  if (!/\/tfjs-(core|backend-webgpu)\/dist\/[^/]*node\.js$/.test(resolved.url)) return resolved;
  // The entry of bundlers in place of the one of Node, which has no gradients.
  return { ...resolved, url: new URL('index.js', resolved.url).href, format: 'module' };
}

export async function load(url, context, next) {
  return next(url, url.includes(OURS) && context.format !== 'commonjs' ? { ...context, format: 'module' } : context);
}
