import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const SOURCES = [
  'src',
  'bench',
  'build',
  'shaders',
  'experiments',
  'index.html',
  'runner.html',
  'package.json',
  'vite.config.ts',
];
const BUILT = ['dist/cli/collapse.js', 'dist/web/index.html'];

/** Builds the command and the page before all tests where they are older than what they are made of. */
export default function setup(): void {
  const built = Math.min(...BUILT.map((path) => modified(join(root, path))));
  const env = { ...process.env, NODE_ENV: 'production' };
  if (SOURCES.flatMap(filesOf).some((path) => modified(path) > built))
    execFileSync('npm', ['run', 'build'], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
}

const modified = (path: string) => (existsSync(path) ? statSync(path).mtimeMs : 0);

function filesOf(name: string): string[] {
  const path = join(root, name);
  if (!statSync(path).isDirectory()) return [path];
  const inside = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return inside.filter((file) => /\.(ts|css|md|wgsl|json5?)$/.test(file)).map((file) => join(path, file));
}
