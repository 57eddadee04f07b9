import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

/** Rooms of test/ whose tests hold kernels, samplers, regimes and engine against the f64 reference. */
const ROOMS = ['kernels', 'samplers', 'regimes', 'engine'];

/**
 * Bundles the GPU tests of those rooms into dist/tests, each a file that Node runs with run-tests.js beside it. Vitest and what else is
 * only there for tests is inside; packages with programs in them stay outside.
 */
export async function bundleTests(root) {
  const files = ROOMS.flatMap((room) =>
    readdirSync(join(root, 'test', room))
      .filter((file) => file.endsWith('.gpu.test.ts'))
      .map((file) => [`${room}-${file.replace(/\.ts$/, '')}`, join(root, 'test', room, file)]),
  );
  const { peerDependencies, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const input = { ...Object.fromEntries(files), 'run-tests': join(root, 'bench/day/run-tests.ts') };
  await build({
    root,
    // Entries and plugins of the command have no place here.
    configFile: false,
    define: { 'import.meta.env.COLLAPSE_VERSION': JSON.stringify(version), 'import.meta.env.COLLAPSE_COMMIT': 'null' },
    logLevel: 'warn',
    resolve: { alias: { vitest: join(root, 'bench/day/vitest.ts') } },
    ssr: { noExternal: true, external: Object.keys(peerDependencies) },
    build: {
      ssr: true,
      outDir: join(root, 'dist/tests'),
      emptyOutDir: true,
      target: 'node20',
      copyPublicDir: false,
      rolldownOptions: { input, output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } },
    },
  });
  return files.map(([name]) => `${name}.js`);
}
