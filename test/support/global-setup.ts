/**
 * One embedded PostgreSQL for a whole run: starting one per file would cost more than most files take. Every file gets
 * a database of its own in it, see server.ts.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/store/embedded/start.ts';
import { migrate } from '../../src/store/postgres/migrate.ts';
import { createDatabase, databaseUrl, type SharedPostgres } from './database.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: SharedPostgres;
  }
}

/** Migrating takes longer than cloning, so it happens once. */
async function migratedTemplate(postgres: SharedPostgres): Promise<string> {
  const template = 'evenkeel_template';
  await createDatabase(postgres, template);
  await migrate({ url: databaseUrl(postgres, template) });
  return template;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Short, since the path of a Unix socket may have 107 bytes.
  const directory = await mkdtemp(join(tmpdir(), 'ek-pg-'));
  // PostgreSQL never runs as root: the user it runs as instead must be able to enter.
  await chmod(directory, 0o755);
  const embedded = await startEmbedded(join(directory, 'pg'), {});
  const { host, port, user } = embedded;
  const bare: SharedPostgres = { host, port, user, template: null };
  const teardown = async () => {
    await embedded.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    project.provide('postgres', { ...bare, template: await migratedTemplate(bare) });
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}
