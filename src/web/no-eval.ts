import { config } from 'zod';

/** The page may not make programs out of text, and a browser complains of each attempt: schemas check without. Imported before them. */
config({ jitless: true });
