import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the package: two folders above both src/cli and dist/cli. */
export const packageRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const experimentsFolder = join(packageRoot, 'experiments');

/** Version and commit of the build that runs. */
export const packageVersion: string = import.meta.env.COLLAPSE_VERSION;
export const packageCommit: string | null = import.meta.env.COLLAPSE_COMMIT;
