/**
 * Packs the benchmarks into a folder that runs on a Linux x86-64 machine without npm or a network: Node, Dawn, the built
 * command, the packages it needs, the peers, and Vulkan's loader with libraries that drivers ask for. Only libc is expected.
 *
 * usage: node bench/pack.mjs OUTDIR      (after npm ci; builds the command first)
 * there: ./bench.sh [options of collapse bench]
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

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

const START = `#!/bin/sh
# Runs the benchmarks of this folder. Without options everything, into results/.
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
[ $# -gt 0 ] || set -- --out "$here/results/"
"$here/bin/node" "$here/dist/cli/collapse.js" bench "$@"
`;

rmSync(out, { recursive: true, force: true });
execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
for (const path of ['dist/cli', 'experiments', 'package.json']) copy(path);
copy('bench/peers', (path) => !/(^|\/)(node_modules|__pycache__)(\/|$)/.test(path));
// Puppeteer is loaded for --backend chrome only, and a browser is not packed.
copyPackages(
  root,
  dependenciesOf(root).filter((name) => name !== 'puppeteer'),
);
const peers = join(root, 'bench/peers');
if (existsSync(join(peers, 'node_modules'))) copyPackages(peers, dependenciesOf(peers));
mkdirSync(join(out, 'bin'), { recursive: true });
cpSync(process.execPath, join(out, 'bin/node'), { dereference: true });
copyLibraries();
writeFileSync(join(out, 'bench.sh'), START, { mode: 0o755 });
const [size] = execFileSync('du', ['-sm', out], { encoding: 'utf8' }).split('\t');
console.log(`${out}: ${size} MiB. To send it: tar -C ${dirname(out)} -cJf ${basename(out)}.tar.xz ${basename(out)}`);

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
