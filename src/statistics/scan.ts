/** How many bytes are not 0. Almost all of very many are: they are looked at four at a time. */
export function countNonZero(bytes: Uint8Array): number {
  const { buffer, byteOffset, length } = bytes;
  const lead = Math.min(length, -byteOffset & 3);
  const whole = (length - lead) >> 2;
  // Few bytes may end before the first word begins.
  const words = whole > 0 ? new Uint32Array(buffer, byteOffset + lead, whole) : new Uint32Array();
  let count = 0;
  const look = (from: number, to: number) => {
    for (let i = from; i < to; i++) if (bytes[i] !== 0) count++;
  };
  look(0, lead);
  for (let w = 0; w < words.length; w++) if (words[w] !== 0) look(lead + 4 * w, lead + 4 * w + 4);
  look(lead + 4 * whole, length);
  return count;
}
