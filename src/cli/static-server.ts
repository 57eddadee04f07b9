import { createReadStream, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
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

/** Under which this machine may be asked. */
const OWN_NAMES = ['127.0.0.1', 'localhost'];

/** What is served besides files: the bytes for a path, null for one that it does not know. */
export type Served = (path: string) => Promise<Uint8Array | null>;

/** Serves the files of a folder, and what `served` has, to this machine alone, at a port that the system chooses. */
export async function serveFolder(
  folder: string,
  names: readonly string[] = OWN_NAMES,
  served: Served = async () => null,
): Promise<StaticServer> {
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    answer(folder, names, served, request, response);
  });
  server.on('clientError', (_, socket) => socket.destroy());
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

/** Our own code and nothing else: no other origin, no frame, no guess at the type of a file. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Whatever is asked, the answer is a file or a refusal: a request must not end the run. */
function answer(
  folder: string,
  names: readonly string[],
  served: Served,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { method = '', url = '', headers } = request;
  if (!isOurs(headers.host, request.socket.localPort, names)) refuse(response, 421);
  else if (method !== 'GET' && method !== 'HEAD') refuse(response.setHeader('allow', 'GET, HEAD'), 405);
  else {
    const path = fileBelow(folder, url);
    if (path !== null) send(response, path, method === 'GET');
    else sendServed(response, served, pathOf(url) ?? '', method === 'GET');
  }
}

function send(response: ServerResponse, path: string, whole: boolean): void {
  response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
  if (whole) pipeline(createReadStream(path), response, () => {});
  else response.end();
}

function sendServed(response: ServerResponse, served: Served, path: string, whole: boolean): void {
  served(path).then(
    (bytes) => {
      if (!bytes) refuse(response, 404);
      else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(whole ? bytes : undefined);
    },
    () => refuse(response, 500),
  );
}

/** A page elsewhere may have its name point to this machine; the name it asks for gives it away. */
function isOurs(host: string | undefined, port: number | undefined, names: readonly string[]): boolean {
  return names.some((name) => host === `${name}:${port}`);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

/** The file a request means; null if there is none, it lies outside the folder, or the request is no path. */
function fileBelow(folder: string, url: string): string | null {
  const path = pathOf(url);
  if (path === null) return null;
  const file = normalize(join(folder, path, path.endsWith('/') ? 'index.html' : ''));
  if (!file.startsWith(normalize(folder) + sep)) return null;
  try {
    return statSync(file).isFile() ? file : null;
  } catch {
    return null;
  }
}

/** The decoded path of a request such as `/runner.html?x`; null where it is none. */
function pathOf(url: string): string | null {
  const [path = ''] = url.split(/[?#]/);
  if (!path.startsWith('/')) return null;
  try {
    const decoded = decodeURIComponent(path);
    return decoded.includes('\0') ? null : decoded;
  } catch {
    return null;
  }
}
