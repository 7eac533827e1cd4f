import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
export const builtMain = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/** The server in the build that a long programme runs in. */
export const builtBeside = fileURLToPath(new URL('../../src/main.js', import.meta.url));
export const commandLine = fileURLToPath(new URL('../../bin/evenkeel.js', import.meta.url));

/** The admin key of every server that a test starts. */
export const adminKey = 'admin_evenkeel_test';
