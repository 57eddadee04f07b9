/** A package that only some commands need is not installed; the message says for what, and how to have it. */
export class MissingPackage extends Error {
  override readonly name = 'MissingPackage';

  constructor(name: string, purpose: string, options?: ErrorOptions) {
    super(`${purpose} the npm package ${name}, which is not installed here: npm install ${name}`, options);
  }
}

/** What `load` imports. Throws `MissingPackage` where npm has not installed it: packages that not everybody needs are optional. */
export async function optional<T>(name: string, purpose: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(`'${name}'`)) throw error;
    throw new MissingPackage(name, purpose, { cause: error });
  }
}
