import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { extract } from 'tar-fs';
import { cachedFolder } from './cache.ts';

/** The npm package that carries a Chromium and SwiftShader, Google's Vulkan driver for CPUs, for Linux x64. */
const PACKAGE = '@sparticuz/chromium';

/** Loader, driver, and the manifest that leads the one to the other; the manifest names the driver relative to itself. */
const VULKAN_FILES: readonly string[] = ['libvulkan.so.1', 'libvk_swiftshader.so', 'vk_swiftshader_icd.json'];

/** Replaces the package's own, which knows only the folders of a cloud function. */
const FONTS_CONF = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/** SwiftShader on disk. */
export interface EmbeddedDriver {
  readonly loader: string;
  readonly manifest: string;
}

/** Chromium on disk, and what must be in the environment of its process. */
export interface EmbeddedChromium {
  readonly executable: string;
  readonly version: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Unpacks loader and driver (7 MB, a third of a second) on first use. */
export async function embeddedDriver(): Promise<EmbeddedDriver> {
  const source = locatePackage();
  const folder = await cachedFolder(source.cache, `vulkan-${source.version}`, (into) =>
    unpackTar(join(source.bin, 'swiftshader.tar.br'), into, VULKAN_FILES),
  );
  return { loader: join(folder, 'libvulkan.so.1'), manifest: join(folder, 'vk_swiftshader_icd.json') };
}

/** Unpacks Chromium, the libraries it needs, fonts, and SwiftShader beside it (220 MB, three seconds) on first use. */
export async function embeddedChromium(): Promise<EmbeddedChromium> {
  const source = locatePackage();
  const folder = await cachedFolder(source.cache, `chromium-${source.version}`, (into) =>
    unpackChromium(source.bin, into),
  );
  return {
    executable: join(folder, 'chromium'),
    version: source.version,
    environment: { LD_LIBRARY_PATH: libraryPath(folder), FONTCONFIG_PATH: join(folder, 'fonts') },
  };
}

/** Chromium's folders before those the user has set. */
function libraryPath(folder: string): string {
  return [folder, join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
}

async function unpackChromium(bin: string, into: string): Promise<void> {
  await Promise.all([
    unpackFile(join(bin, 'chromium.br'), join(into, 'chromium')),
    unpackTar(join(bin, 'swiftshader.tar.br'), into),
    unpackTar(join(bin, 'al2023.tar.br'), into),
    unpackTar(join(bin, 'fonts.tar.br'), join(into, 'fonts')),
  ]);
  await writeFile(join(into, 'fonts', 'fonts.conf'), FONTS_CONF);
}

function unpackFile(archive: string, target: string): Promise<void> {
  return pipeline(createReadStream(archive), createBrotliDecompress(), createWriteStream(target, { mode: 0o755 }));
}

function unpackTar(archive: string, into: string, only?: readonly string[]): Promise<void> {
  const ignore = (path: string) => only !== undefined && !only.includes(basename(path));
  // The archive's owners mean nothing here; the type of the options does not know `chown`.
  const options = { ignore, chown: false };
  return pipeline(createReadStream(archive), createBrotliDecompress(), extract(into, options));
}

interface PackageSource {
  readonly bin: string;
  readonly version: string;
  readonly cache: string;
}

function locatePackage(): PackageSource {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `The embedded driver and browser are for Linux x64 only; this is ${process.platform} ${process.arch}.`,
    );
  }
  const root = packageRoot();
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { bin: join(root, 'bin'), version, cache: join(root, '..', '..', '.cache', 'collapse-lab') };
}

/** The package exports no `package.json`, so its root is found from its entry point, `build/cjs/index.cjs`. */
function packageRoot(): string {
  try {
    return join(createRequire(import.meta.url).resolve(PACKAGE), '..', '..', '..');
  } catch {
    throw new Error(`The npm package ${PACKAGE} is not installed: npm install ${PACKAGE}`);
  }
}
