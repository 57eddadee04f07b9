import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream';

export interface StaticServer {
  /** `http://127.0.0.1:PORT/`; browsers take this machine's own address for a secure one, which WebGPU needs. */
  readonly url: string;
  close(): void;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Serves the files of a folder to this machine alone, at a port that the system chooses. */
export async function serveFolder(folder: string): Promise<StaticServer> {
  const server = createServer((request, response) => {
    const path = fileBelow(folder, request.url ?? '/');
    if (path === null) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
    pipeline(createReadStream(path), response, () => {});
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}/`, close };
}

/** The file a request means; null if there is none, or it lies outside the folder. */
function fileBelow(folder: string, url: string): string | null {
  const { pathname } = new URL(url, 'http://localhost');
  const path = normalize(join(folder, safelyDecoded(pathname), pathname.endsWith('/') ? 'index.html' : ''));
  const inside = path.startsWith(normalize(folder) + sep);
  return inside && statSync(path, { throwIfNoEntry: false })?.isFile() ? path : null;
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
