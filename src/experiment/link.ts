import type { JsonObject } from './experiment.ts';
import { readJson5 } from './json.ts';
import { ExperimentError } from './problem.ts';

/** What a link says: a whole file or the name of a preset, and changes to it in the form of `applyOverrides`. */
export type Link = { readonly overrides: readonly string[] } & (
  | { readonly kind: 'file'; readonly file: JsonObject }
  | { readonly kind: 'preset'; readonly preset: string }
);

/** A file has kilobytes; a link from a stranger must not unpack to more than this. Bytes. */
const largestFile = 2 ** 20;

/** `s=` and the file as base64url of raw deflate of JSON; goes behind `#`. */
export async function encodeLink(file: JsonObject): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(file));
  return `s=${toBase64Url(await through(bytes, new CompressionStream('deflate-raw'), Number.POSITIVE_INFINITY))}`;
}

/** `preset=NAME&path=value…`: readable, for small changes to an experiment that has a name. */
export function presetLink(preset: string, overrides: readonly string[] = []): string {
  return [`preset=${preset}`, ...overrides].map(escapePair).join('&');
}

/** True for what `decodeLink` is meant for, as against a name or a file. */
export function isLink(text: string): boolean {
  return /^https?:\/\//.test(text) || /^[#?]?(s|preset)=/.test(text);
}

/** Reads a URL, or only its part behind `#` or `?`. Throws `ExperimentError`. */
export async function decodeLink(url: string): Promise<Link> {
  const pairs = linkPart(url)
    .split('&')
    .filter((pair) => pair !== '')
    .map(unescapePair);
  const [first, ...overrides] = pairs;
  const at = first?.indexOf('=') ?? -1;
  const [key, value] = [first?.slice(0, at), first?.slice(at + 1) ?? ''];
  if (key === 's') return { kind: 'file', file: await unpack(value), overrides };
  if (key === 'preset' && value !== '') return { kind: 'preset', preset: value, overrides };
  return fail('found neither s=… nor preset=… at its start');
}

function linkPart(url: string): string {
  for (const sign of ['#', '?']) {
    const at = url.indexOf(sign);
    if (at >= 0 && at < url.length - 1) return url.slice(at + 1);
  }
  return url;
}

/** By hand and not by URLSearchParams, which would read the plus of `1e+5` as a space. */
function escapePair(pair: string): string {
  const at = pair.indexOf('=');
  return `${encodeURIComponent(pair.slice(0, at))}=${encodeURIComponent(pair.slice(at + 1))}`;
}

function unescapePair(pair: string): string {
  try {
    return decodeURIComponent(pair);
  } catch {
    return fail(`found "${pair}", which is not percent-encoded text`);
  }
}

async function unpack(text: string): Promise<JsonObject> {
  const bytes = await inflate(text);
  return readJson5(new TextDecoder().decode(bytes));
}

async function inflate(text: string): Promise<Uint8Array> {
  try {
    return await through(fromBase64Url(text), new DecompressionStream('deflate-raw'), largestFile);
  } catch (error) {
    if (error instanceof ExperimentError) throw error;
    return fail('the part after s= is damaged or incomplete');
  }
}

/** Sends bytes through a stream; stops once more than `most` bytes have come out. */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: GenericTransformStream,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough<Uint8Array<ArrayBuffer>>(stream).getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > most) {
      await reader.cancel();
      fail(`unpacks to more than ${most} bytes`);
    }
    chunks.push(next.value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
}

function fail(message: string): never {
  throw new ExperimentError([{ path: 'link', message }]);
}
