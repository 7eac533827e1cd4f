import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

describe('readConfig', () => {
  test('an empty environment gives the defaults of an embedded database', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 12_111,
      dataDir: '.evenkeel',
      databaseUrl: null,
      adminKey: 'admin_evenkeel',
      encryptionKey: null,
      logLevel: 'info',
      queueLimit: 4096,
      rateLimit: 10_000,
      batchLimit: 64,
      pipelineDepth: 2,
      deterministicSeed: null,
      pgUser: null,
      checkInvariants: false,
      serverUrl: 'http://127.0.0.1:12111',
      apiKey: 'sk_test_evenkeel',
      webhooksPrivate: true,
      webhooksDisableDays: null,
      fileBytesMax: 10 * 1024 * 1024,
      smtpUrl: null,
      mailFrom: 'Evenkeel <no-reply@localhost>',
    });
  });

  test('every variable is read', () => {
    const config = readConfig({
      HOST: '0.0.0.0',
      PORT: '0',
      EVENKEEL_DATA: '/srv/books',
      DATABASE_URL: 'postgres://me:secret@db:5432/books',
      EVENKEEL_ADMIN_KEY: 'admin_mine',
      EVENKEEL_ENCRYPTION_KEY: 'aB'.repeat(32),
      LOG_LEVEL: 'silent',
      EVENKEEL_QUEUE_LIMIT: '10',
      EVENKEEL_RATE_LIMIT: '0',
      EVENKEEL_URL: 'https://books.example/',
      EVENKEEL_API_KEY: 'sk_test_mine',
      EVENKEEL_WEBHOOKS_PRIVATE: '1',
      EVENKEEL_WEBHOOKS_DISABLE_DAYS: '5',
      EVENKEEL_BATCH_LIMIT: '1',
      EVENKEEL_PIPELINE_DEPTH: '3',
      EVENKEEL_SEED: '42',
      EVENKEEL_PG_USER: 'nobody',
      EVENKEEL_CHECK_INVARIANTS: '1',
      EVENKEEL_FILE_MIB_MAX: '2',
      SMTP_URL: 'smtps://me:secret@mail:465',
      EVENKEEL_MAIL_FROM: 'Shop <no-reply@shop.example>',
    });
    expect(config).toEqual({
      host: '0.0.0.0',
      port: 0,
      dataDir: '/srv/books',
      databaseUrl: 'postgres://me:secret@db:5432/books',
      adminKey: 'admin_mine',
      encryptionKey: Buffer.alloc(32, 0xab),
      logLevel: 'silent',
      queueLimit: 10,
      rateLimit: 0,
      batchLimit: 1,
      pipelineDepth: 3,
      deterministicSeed: 42,
      pgUser: 'nobody',
      checkInvariants: true,
      serverUrl: 'https://books.example',
      apiKey: 'sk_test_mine',
      webhooksPrivate: true,
      webhooksDisableDays: 5,
      fileBytesMax: 2 * 1024 * 1024,
      smtpUrl: 'smtps://me:secret@mail:465',
      mailFrom: 'Shop <no-reply@shop.example>',
    });
  });

  test('a database of your own has no admin key that everybody knows', () => {
    expect(readConfig({ DATABASE_URL: 'postgresql://db/books' }).adminKey).toBeNull();
  });

  test('an empty variable is one that is not set, and other programs keep theirs', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ', EVENKEEL_SEED: '', PGHOST: 'x' })).toEqual(readConfig({}));
  });

  test('a configuration cannot be changed', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });

  const refused = [
    [{ PORT: 'http' }, "PORT is 'http' but must be a whole number from 0 to 65535"],
    [{ PORT: '65536' }, "PORT is '65536' but must be a whole number from 0 to 65535"],
    [{ PORT: '80.5' }, "PORT is '80.5' but must be a whole number from 0 to 65535"],
    [{ EVENKEEL_QUEUE_LIMIT: '0' }, "EVENKEEL_QUEUE_LIMIT is '0' but must be a whole number from 1 to 1000000"],
    [{ EVENKEEL_SEED: '-1' }, "EVENKEEL_SEED is '-1' but must be a whole number from 0 to 9007199254740991"],
    [{ EVENKEEL_CHECK_INVARIANTS: 'yes' }, "EVENKEEL_CHECK_INVARIANTS is 'yes' but must be 1 (on) or 0 (off)"],
    [{ LOG_LEVEL: 'loud' }, "LOG_LEVEL is 'loud' but must be one of trace, debug, info, warn, error, fatal, silent"],
    [{ DATABASE_URL: 'mysql://a:b@c' }, 'DATABASE_URL must be like postgres://user:password@host:5432/database'],
    [{ SMTP_URL: 'mail.example:25' }, 'SMTP_URL must be like smtp://user:password@host:587'],
    [
      { EVENKEEL_ENCRYPTION_KEY: 'short' },
      'EVENKEEL_ENCRYPTION_KEY must be 64 hexadecimal digits, as `openssl rand -hex 32` makes them',
    ],
    [{ EVENKEEL_DATE: 'x' }, 'EVENKEEL_DATE is not a setting of Evenkeel; did you mean EVENKEEL_DATA?'],
    [{ EVENKEEL_KEY: 'x' }, 'EVENKEEL_KEY is not a setting of Evenkeel; did you mean EVENKEEL_SEED?'],
    [{ EVENKEEL_PGUSER: '' }, 'EVENKEEL_PGUSER is not a setting of Evenkeel; did you mean EVENKEEL_PG_USER?'],
  ] as const;

  for (const [env, message] of refused) {
    test(`refuses ${Object.entries(env)[0]?.join('=')}`, () => {
      expect(() => readConfig(env)).toThrow(new ConfigError(message));
    });
  }
});
