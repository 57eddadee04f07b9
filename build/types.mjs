// Declarations of the library, for the package: `npm pack` calls it.
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const bundle = await rollup({
  input: { index: 'src/library/index.ts', node: 'src/cli/node-library.ts' },
  plugins: [dts({ tsconfig: 'tsconfig.json' })],
  onwarn: (warning) => {
    throw new Error(warning.message);
  },
});
await bundle.write({ dir: 'dist/types', format: 'es', chunkFileNames: '[name].d.ts' });
await bundle.close();
