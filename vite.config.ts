import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { typeset } from './build/typeset.ts';

/** `vite build` makes the page in `dist/web`, `vite build --ssr src/cli/collapse.ts` the command in `dist/cli`. */
export default defineConfig(({ isSsrBuild }) => ({
  ...(isSsrBuild ? command : page),
  define: {
    'import.meta.env.COLLAPSE_VERSION': JSON.stringify(packageVersion()),
    'import.meta.env.COLLAPSE_COMMIT': JSON.stringify(commit()),
  },
}));

/** Static files that work below any address; `runner.html` is the page without a face that `--backend chrome` opens. */
const page: UserConfig = {
  base: './',
  plugins: [typeset()],
  worker: { format: 'es' },
  build: {
    outDir: 'dist/web',
    target: 'es2023',
    // Fonts inlined would be refused where pages may load from their own address alone.
    assetsInlineLimit: (file) => (file.endsWith('.woff2') ? false : undefined),
    // Samplers with their shaders, and the workers that hold them, are large and read once.
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { input: { index: 'index.html', runner: 'runner.html' } },
  },
};

/** Packages of many small files, a thousand in all, which take Node half a second to find. */
const BUNDLED = [
  '@observablehq/plot',
  'commander',
  /^d3/,
  'happy-dom',
  'hyparquet',
  'hyparquet-writer',
  'json5',
  'typegpu',
  'zod',
];

/** For Node; what else npm installs stays outside. Chunks lie beside the entry, so that `import.meta.url` is in one folder. */
const command: UserConfig = {
  ssr: { noExternal: BUNDLED },
  build: {
    outDir: 'dist/cli',
    target: 'node20',
    copyPublicDir: false,
    rolldownOptions: {
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', banner: '#!/usr/bin/env node' },
    },
  },
  plugins: [commandInBin()],
};

/**
 * Puts the command where `npx` looks. A `bin` entry in package.json would not: npm links those of dependencies only, and
 * for a package's own `npx` asks the registry.
 */
function commandInBin(): Plugin {
  return {
    name: 'command-in-bin',
    writeBundle() {
      const bin = join(import.meta.dirname, 'node_modules', '.bin');
      mkdirSync(bin, { recursive: true });
      chmodSync(join(import.meta.dirname, 'dist', 'cli', 'collapse.js'), 0o755);
      rmSync(join(bin, 'collapse'), { force: true });
      symlinkSync(join('..', '..', 'dist', 'cli', 'collapse.js'), join(bin, 'collapse'));
    },
  };
}

function packageVersion(): string {
  return (JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string }).version;
}

/** Null outside a git checkout; `-dirty` marks files that differ from the commit. */
function commit(): string | null {
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    return git('rev-parse', 'HEAD').trim() + (git('status', '--porcelain') === '' ? '' : '-dirty');
  } catch {
    return commitWithoutGit();
  }
}

/** What the checkout's own files say, for machines on which git is not installed. */
function commitWithoutGit(): string | null {
  const read = (...path: string[]) => readFileSync(join(import.meta.dirname, '.git', ...path), 'utf8').trim();
  try {
    const head = read('HEAD');
    if (!head.startsWith('ref: ')) return head;
    const ref = head.slice('ref: '.length);
    return existsSync(join(import.meta.dirname, '.git', ref))
      ? read(ref)
      : (read('packed-refs')
          .split('\n')
          .find((line) => line.endsWith(` ${ref}`))
          ?.split(' ')[0] ?? null);
  } catch {
    return null;
  }
}
