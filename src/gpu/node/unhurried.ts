/**
 * Waits for a promise of Dawn's and sleeps a millisecond in every turn of the event loop. Dawn for Node asks for finished
 * work in every turn; unhindered, that takes a whole core, which a software driver could compute with.
 */
export async function unhurried<T>(promise: Promise<T>): Promise<T> {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  let settled = false;
  const settle = () => {
    settled = true;
  };
  promise.then(settle, settle);
  await new Promise(setImmediate);
  while (!settled) {
    Atomics.wait(cell, 0, 0, 1);
    await new Promise(setImmediate);
  }
  return promise;
}
