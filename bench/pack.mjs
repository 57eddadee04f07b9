/**
 * Packs the benchmarks and the GPU tests into a folder, and that into OUTDIR.tar.xz, to run on a Linux x86-64 machine without npm or a
 * network: Node, Dawn, the built command and page, the packages they need, the peers, and Vulkan's loader with libraries that drivers
 * ask for. Only libc is expected.
 *
 * usage: node bench/pack.mjs OUTDIR      (after npm ci; builds everything first)
 * there: ./day.sh [--minutes 30]         (tests, tuning, benchmarks, browsers; the same again goes on with what is not done)
 *        ./bench.sh [options of collapse bench]
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { bundleTests } from './day/bundle-tests.mjs';

const root = join(import.meta.dirname, '..');
const out = process.argv[2] && resolve(process.argv[2]);
if (!out || (existsSync(out) && !existsSync(join(out, 'bench.sh')))) {
  console.error('usage: node bench/pack.mjs OUTDIR   (a folder that is not there yet, or an earlier pack)');
  process.exit(2);
}
if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error(`Packs are made on Linux x64, for Linux x64; this is ${process.platform} ${process.arch}.`);
  process.exit(2);
}

/** What an archive may weigh to be carried everywhere. */
const MOST_MEGABYTES = 64;

/** What a pack has no use for: other platforms' Dawn, the browser, types, source maps, texts. */
const SKIPPED = [
  /^webgpu\/dist\/(?!linux-x64|$)/,
  /^@sparticuz\/chromium\/bin\/(chromium|al2023)/,
  /\.(map|md|d\.[cm]?ts|markdown)$/i,
  /(^|\/)(test|tests|docs|examples)\//,
];

/** Loader and libraries that GPU drivers link to and small servers lack; used only where the machine has none. */
const LIBRARIES = [
  ...['libstdc++.so.6', 'libgcc_s.so.1', 'libvulkan.so.1', 'libEGL.so.1', 'libGLdispatch.so.0', 'libGLX.so.0'],
  ...['libX11.so.6', 'libXext.so.6', 'libxcb.so.1', 'libXau.so.6', 'libXdmcp.so.6', 'libbsd.so.0', 'libmd.so.0'],
];

/** A script that runs `program` with this folder's Node and libraries. */
const starter = (does, program, usual) => `#!/bin/sh
# ${does}
here=$(cd "$(dirname "$0")" && pwd)
spare=$(mktemp -d)
trap 'rm -rf "$spare"' EXIT
# A library of this folder counts only where the machine has none of that name.
known=$(/sbin/ldconfig -p 2>/dev/null)
for file in "$here"/lib/*; do
  name=$(basename "$file")
  case "$known" in *"$name "*) ;; *) ln -s "$file" "$spare/$name" ;; esac
done
export LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$spare" PATH="$PATH:$here/bin"
${usual}
"$here/bin/node" "$here/${program}" "$@"
`;

rmSync(out, { recursive: true, force: true });
execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
await bundleTests(root);
for (const path of ['dist/cli', 'dist/web', 'dist/tests', 'experiments', 'package.json', 'bench/day/day.mjs'])
  copy(path);
copy('bench/peers', (path) => !/(^|\/)(node_modules|__pycache__)(\/|$)/.test(path));
copyPackages(root, Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).peerDependencies));
const peers = join(root, 'bench/peers');
if (existsSync(join(peers, 'node_modules'))) copyPackages(peers, dependenciesOf(peers));
mkdirSync(join(out, 'bin'), { recursive: true });
cpSync(process.execPath, join(out, 'bin/node'), { dereference: true });
copyLibraries();
script(
  'bench.sh',
  starter(
    'Runs the benchmarks of this folder. Without options everything, into results/.',
    'dist/cli/collapse.js',
    '[ $# -gt 0 ] || set -- --out "$here/results/"\nset -- bench "$@"',
  ),
);
script(
  'day.sh',
  starter(
    'Tests, tuning, benchmarks and browsers within 30 minutes, or --minutes M; into results/day, or --out DIR.',
    'bench/day/day.mjs',
    'case " $* " in *" --out "*) ;; *) set -- --out "$here/results/day" "$@" ;; esac',
  ),
);
const archive = `${out}.tar.xz`;
execFileSync('tar', ['-C', dirname(out), '-cJf', archive, basename(out)], {
  env: { ...process.env, XZ_OPT: '-6 -T0' },
});
const megabytes = statSync(archive).size / 2 ** 20;
console.log(`${archive}: ${megabytes.toFixed(1)} MiB. There: tar -xJf ${basename(archive)} && ${basename(out)}/day.sh`);
if (megabytes > MOST_MEGABYTES) {
  console.error(`That is more than ${MOST_MEGABYTES} MiB.`);
  process.exit(1);
}

function script(name, text) {
  writeFileSync(join(out, name), text, { mode: 0o755 });
}

function copy(path, filter = () => true) {
  cpSync(join(root, path), join(out, path), { recursive: true, filter: (source) => filter(relative(root, source)) });
}

function dependenciesOf(folder) {
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  return [...Object.keys(dependencies), ...Object.keys(optionalDependencies)];
}

/** The packages and what they need in turn, at the places where Node found them here. */
function copyPackages(from, names, seen = new Set()) {
  for (const name of names) {
    const folder = packageFolder(from, name);
    if (folder === null || seen.has(folder)) continue;
    seen.add(folder);
    const modules = folder.slice(0, folder.lastIndexOf('node_modules/') + 'node_modules'.length);
    const filter = (source) => {
      const inside = relative(modules, source);
      if (inside.startsWith(`${name}/node_modules`)) return false;
      return !SKIPPED.some((pattern) => pattern.test(statSync(source).isDirectory() ? `${inside}/` : inside));
    };
    cpSync(folder, join(out, relative(root, folder)), { recursive: true, filter });
    copyPackages(folder, dependenciesOf(folder), seen);
  }
}

function packageFolder(from, name) {
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
  }
  return null;
}

function copyLibraries() {
  const known = execFileSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).split('\n');
  mkdirSync(join(out, 'lib'));
  for (const name of LIBRARIES) {
    const line = known.find((one) => one.trim().startsWith(`${name} `) && one.includes('x86-64'));
    if (line) cpSync(line.split(' => ')[1], join(out, 'lib', name), { dereference: true });
    else console.error(`${name} is not installed here and not in the pack`);
  }
}
