/** A file that could not be written or drawn: says which, why, and what to do. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}
