const BELOW_ENGINE = [
  'plan',
  'samplers',
  'program',
  'statistics',
  'experiment',
  'regimes',
  'theory',
  'gpu',
  'kernels',
  'reference',
  'scaling',
];

/**
 * Which room may know which: the direction of docs/architecture.md, checked by `npm run directions`.
 * `rooms[name]` lists what a room under src/ may import besides itself.
 */
const rooms = {
  statistics: [],
  reference: [],
  experiment: ['statistics', 'reference'],
  theory: ['reference'],
  gpu: ['experiment'],
  regimes: ['experiment', 'theory', 'reference'],
  scaling: ['experiment', 'statistics', 'theory'],
  kernels: ['gpu'],
  program: ['gpu'],
  samplers: ['program', 'kernels', 'regimes', 'reference'],
  plan: ['experiment', 'regimes', 'samplers', 'program', 'kernels'],
  engine: BELOW_ENGINE,
  library: [...BELOW_ENGINE, 'engine', 'report'],
  report: ['experiment', 'statistics', 'theory', 'scaling'],
};

/** Where Node is at home: its half of src/, and what bench/ runs by itself. */
const node =
  '^(src/(cli/|gpu/node/|report/[^/]*-node\\.ts$)|bench/(random-stream\\.ts$|pack\\.mjs$|day/[^/]+\\.mjs$|peers/))';

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `${room}-imports`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
    })),
    ...['linear', 'images', 'tokens'].map((room) => ({
      name: `samplers-${room}-keeps-to-itself`,
      severity: 'error',
      from: { path: `^src/samplers/${room}/` },
      to: { path: '^src/samplers/(linear|images|tokens)/', pathNot: `^src/samplers/${room}/` },
    })),
    {
      name: 'bench-imports',
      severity: 'error',
      from: { path: '^bench/' },
      to: { path: '^src/(cli|web)/' },
    },
    {
      name: 'bench-for-cli-and-web',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli|web)/' },
      to: { path: '^bench/' },
    },
    {
      name: 'printed-formulas-are-for-tests',
      severity: 'error',
      from: { path: '^(src|bench)/', pathNot: '^src/theory/printed/' },
      to: { path: '^src/theory/printed/' },
    },
    {
      name: 'gpu-and-kernels-hold-typegpu',
      severity: 'error',
      from: { path: '^(src|bench)/', pathNot: '^src/(gpu|kernels)/' },
      to: { path: 'node_modules/typegpu' },
    },
    {
      name: 'kernels-hold-shaders',
      severity: 'error',
      from: { path: '^(src|bench)/', pathNot: '^src/kernels/' },
      to: { path: '^shaders/' },
    },
    {
      name: 'node-only-at-the-edge',
      severity: 'error',
      from: { path: '^(src|bench)/', pathNot: node },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'node-half-stays-out-of-the-page',
      severity: 'error',
      from: { path: '^(src|bench)/', pathNot: node },
      to: { path: '(^src/gpu/node/|-node\\.ts$|^bench/(random-stream\\.ts$|pack\\.mjs$|day/[^/]+\\.mjs$|peers/))' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
