import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StaticServer, serveFolder } from '../../src/cli/static-server.ts';

/*
 * Plan: the server behind --backend chrome, asked by hand over a socket, since a polite client cannot be as rude.
 * - a file of the folder comes with its type and the headers that keep others out; HEAD without its content
 * - everything else is refused by number and ends nothing: paths that are none, other methods, other hosts, what lies outside
 */

const folder = mkdtempSync(join(tmpdir(), 'collapse-server-'));
let server: StaticServer;
beforeAll(async () => {
  writeFileSync(join(folder, 'runner.html'), '<p>here</p>');
  server = await serveFolder(folder);
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function asked(line: string, host = new URL(server.url).host): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('error', () => resolve(text));
    socket.on('close', () => resolve(text));
    socket.write(`${line} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
  });
}

it('serves its files with headers', async () => {
  const answer = await asked('GET /runner.html?x=1');
  expect(answer).toMatch(/^HTTP\/1.1 200[\s\S]*<p>here<\/p>/);
  for (const header of [
    /content-security-policy: default-src 'none'/i,
    /x-content-type-options: nosniff/i,
    /referrer-policy: no-referrer/i,
  ])
    expect(answer).toMatch(header);
  expect(await asked('HEAD /runner.html')).toMatch(/^HTTP\/1.1 200(?![\s\S]*here)/);
});

it.each([
  ['GET //', 404],
  ['GET //evil.example/runner.html', 404],
  ['GET http://evil.example/runner.html', 404],
  ['GET *', 404],
  ['GET /%', 404],
  ['GET /%00', 404],
  ['GET /runner.html%00.js', 404],
  ['GET /../../../../etc/passwd', 404],
  ['GET /..%2f..%2f..%2fetc%2fpasswd', 404],
  [`GET /${'a'.repeat(5000)}`, 404],
  ['POST /runner.html', 405],
  ['DELETE /runner.html', 405],
])('%s: %i', async (line, status) => {
  expect(await asked(line)).toMatch(new RegExp(`^HTTP/1.1 ${status}`));
});

it.each(['evil.example', 'evil.example:80', '127.0.0.1', ''])('refuses the host "%s"', async (host) => {
  expect(await asked('GET /runner.html', host)).toMatch(/^HTTP\/1.1 421/);
});

it('outlives all of them', async () => {
  await asked('\u0000\u0001 nonsense');
  expect(await asked('GET /runner.html')).toMatch(/^HTTP\/1.1 200/);
});
