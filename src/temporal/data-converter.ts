import { fileURLToPath } from 'node:url';

/** Of clients and workers alike; the workflow bundle is built with the same file. */
export const dataConverter = {
  failureConverterPath: fileURLToPath(new URL('./failure-converter.js', import.meta.url)),
};
