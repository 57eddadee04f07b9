import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { typeset } from './build/typeset.ts';

/** `vite build` makes the page in `dist/web`, `vite build --ssr` the command and the library in `dist/cli`. */
export default defineConfig(({ isSsrBuild }) => ({
  ...(isSsrBuild ? command : page),
  define: {
    'import.meta.env.COLLAPSE_VERSION': JSON.stringify(packageVersion()),
    'import.meta.env.COLLAPSE_COMMIT': JSON.stringify(commit()),
    ...(isSsrBuild ? { 'process.env.NODE_ENV': '"production"' } : {}),
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
    rolldownOptions: { input: { index: 'index.html', runner: 'runner.html' }, checks: { pluginTimings: false } },
  },
};

/** Packages that are not bundled, for they have programs or parts of a machine in them: whoever installs the package has those that are wanted. */
const APART = ['puppeteer', 'webgpu', '@resvg/resvg-js', '@sparticuz/chromium', 'pdfkit'];

/**
 * The command and the library (`index`, the same in Node, pages and workers; `node`), with all they need but `APART`: a thousand small files would take
 * Node half a second to find. Chunks lie beside the entries, so that `import.meta.url` is in one folder and both share their classes.
 */
const command: UserConfig = {
  build: {
    outDir: 'dist/cli',
    target: 'node20',
    copyPublicDir: false,
    license: true,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: { collapse: 'src/cli/collapse.ts', index: 'src/library/index.ts', node: 'src/cli/node-library.ts' },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name].js',
        banner: ({ name, isEntry }) => (isEntry && name === 'collapse' ? '#!/usr/bin/env node' : ''),
      },
    },
  },
  ssr: { noExternal: true, external: APART },
  plugins: [runtimeAnywhere(), commandInBin()],
};

/** What the bundler puts before all chunks asks Node for `require`, which only the command needs: in a page there is none. */
function runtimeAnywhere(): Plugin {
  const IMPORT = 'import { createRequire } from "node:module";';
  const ASK =
    'const createRequire = (url) => globalThis.process?.getBuiltinModule?.("node:module").createRequire(url);';
  return {
    name: 'runtime-anywhere',
    renderChunk: (code, { name }) => (name === 'rolldown-runtime' ? code.replace(IMPORT, ASK) : null),
  };
}

/**
 * Puts the command where `npx` looks in a checkout: npm links the `bin` of dependencies only, and for a package's own `npx` asks the
 * registry. On Windows, which has no symbolic links for everybody, a script as npm would write it.
 */
function commandInBin(): Plugin {
  return {
    name: 'command-in-bin',
    writeBundle() {
      const bin = join(import.meta.dirname, 'node_modules', '.bin');
      mkdirSync(bin, { recursive: true });
      chmodSync(join(import.meta.dirname, 'dist', 'cli', 'collapse.js'), 0o755);
      if (process.platform === 'win32') {
        writeFileSync(join(bin, 'collapse.cmd'), '@node "%~dp0\\..\\..\\dist\\cli\\collapse.js" %*\r\n');
        return;
      }
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
