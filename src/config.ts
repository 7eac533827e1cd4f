/** Environment → one typed Config. Nobody else reads `process.env`. */

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof logLevels)[number];

export interface Config {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Where the embedded database lives; unused with a `databaseUrl`. */
  readonly dataDir: string;
  /** null: the embedded database. */
  readonly databaseUrl: string | null;
  /** null: the admin API answers platforms' keys alone. */
  readonly adminKey: string | null;
  readonly logLevel: LogLevel;
  /** Commands that may wait in one book; the next one is answered 429. */
  readonly queueLimit: number;
  /** Requests a second that one API key may send to one process; the next is answered 429. 0: any number. */
  readonly rateLimit: number;
  /** Commands in one transaction. */
  readonly batchLimit: number;
  /** Transactions of one book under way at once. */
  readonly pipelineDepth: number;
  /** 32 bytes that secrets follow from. null: the embedded database's directory has them, or the database itself. */
  readonly encryptionKey: Buffer | null;
  /** Makes ids repeat from run to run. null: random. */
  readonly deterministicSeed: number | null;
  /** The user that the embedded database runs as when Evenkeel is root. null: postgres, else nobody. */
  readonly pgUser: string | null;
  /** Whether webhooks may go to loopback and private addresses. */
  readonly webhooksPrivate: boolean;
  /** After how many days of failures alone a live webhook endpoint is disabled. null: never. */
  readonly webhooksDisableDays: number | null;
  /** Checks the books' invariants (I1 to I7) at every commit. Slow: for tests. */
  readonly checkInvariants: boolean;
  /** How large files may be that are uploaded, in bytes. */
  readonly fileBytesMax: number;
  /** The SMTP server that notifications are sent through. null: they are kept to be read, and none is sent. */
  readonly smtpUrl: string | null;
  /** Whom they come from. */
  readonly mailFrom: string;
  /** Where the command line finds a running Evenkeel. */
  readonly serverUrl: string;
  /** The secret key that the command line acts with. null: none was given. */
  readonly apiKey: string | null;
}

/**
 * The key of the platform that a first start makes. Anyone can read it here, so it is only for an embedded database, which
 * nobody else reaches.
 */
export const defaultKey = 'sk_test_evenkeel';

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Environment = Record<string, string | undefined>;

const ownNames = [
  'EVENKEEL_DATA',
  'EVENKEEL_ADMIN_KEY',
  'EVENKEEL_ENCRYPTION_KEY',
  'EVENKEEL_QUEUE_LIMIT',
  'EVENKEEL_RATE_LIMIT',
  'EVENKEEL_BATCH_LIMIT',
  'EVENKEEL_PIPELINE_DEPTH',
  'EVENKEEL_SEED',
  'EVENKEEL_PG_USER',
  'EVENKEEL_WEBHOOKS_PRIVATE',
  'EVENKEEL_WEBHOOKS_DISABLE_DAYS',
  'EVENKEEL_FILE_MIB_MAX',
  'EVENKEEL_MAIL_FROM',
  'EVENKEEL_CHECK_INVARIANTS',
  'EVENKEEL_URL',
  'EVENKEEL_API_KEY',
] as const;

type Name = (typeof ownNames)[number] | 'HOST' | 'PORT' | 'DATABASE_URL' | 'LOG_LEVEL' | 'SMTP_URL';

const mib = 1024 * 1024;

/**
 * The configuration that `env` describes, defaults filled in, frozen.
 *
 * @throws ConfigError with one line that names the variable, what it holds and what it may hold
 */
export function readConfig(env: Environment): Config {
  refuseUnknown(env);
  const databaseUrl = readUrl(env);
  return Object.freeze({
    host: read(env, 'HOST') ?? '127.0.0.1',
    port: readInteger(env, 'PORT', { min: 0, max: 65_535 }) ?? 12_111,
    dataDir: read(env, 'EVENKEEL_DATA') ?? '.evenkeel',
    databaseUrl,
    // A key that anyone can read here must never open a database that others share.
    adminKey: read(env, 'EVENKEEL_ADMIN_KEY') ?? (databaseUrl === null ? 'admin_evenkeel' : null),
    encryptionKey: readEncryptionKey(env),
    logLevel: readLogLevel(env),
    queueLimit: readInteger(env, 'EVENKEEL_QUEUE_LIMIT', { min: 1, max: 1_000_000 }) ?? 4096,
    // Far above what one process answers: it only stops what runs away.
    rateLimit: readInteger(env, 'EVENKEEL_RATE_LIMIT', { min: 0, max: 1_000_000 }) ?? 10_000,
    batchLimit: readInteger(env, 'EVENKEEL_BATCH_LIMIT', { min: 1, max: 1024 }) ?? 64,
    pipelineDepth: readInteger(env, 'EVENKEEL_PIPELINE_DEPTH', { min: 1, max: 64 }) ?? 2,
    deterministicSeed: readInteger(env, 'EVENKEEL_SEED', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    pgUser: read(env, 'EVENKEEL_PG_USER'),
    // With the embedded database everything is on this machine, the receivers of webhooks included.
    webhooksPrivate: readFlag(env, 'EVENKEEL_WEBHOOKS_PRIVATE', databaseUrl === null),
    webhooksDisableDays: readInteger(env, 'EVENKEEL_WEBHOOKS_DISABLE_DAYS', { min: 1, max: 365 }),
    checkInvariants: readFlag(env, 'EVENKEEL_CHECK_INVARIANTS', false),
    fileBytesMax: (readInteger(env, 'EVENKEEL_FILE_MIB_MAX', { min: 1, max: 512 }) ?? 10) * mib,
    smtpUrl: readSmtpUrl(env),
    mailFrom: read(env, 'EVENKEEL_MAIL_FROM') ?? 'Evenkeel <no-reply@localhost>',
    serverUrl: readServerUrl(env),
    apiKey: read(env, 'EVENKEEL_API_KEY') ?? (databaseUrl === null ? defaultKey : null),
  });
}

/** An empty variable counts as not set: that is how compose files and shells leave one out. */
function read(env: Environment, name: Name): string | null {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? null : value;
}

function readInteger(env: Environment, name: Name, { min, max }: { min: number; max: number }): number | null {
  const text = read(env, name);
  if (text === null) return null;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new ConfigError(`${name} is '${text}' but must be a whole number from ${min} to ${max}`);
}

function readFlag(env: Environment, name: Name, otherwise: boolean): boolean {
  const text = read(env, name);
  if (text === null) return otherwise;
  if (text === '0') return false;
  if (text === '1') return true;
  throw new ConfigError(`${name} is '${text}' but must be 1 (on) or 0 (off)`);
}

function readLogLevel(env: Environment): LogLevel {
  const text = read(env, 'LOG_LEVEL') ?? 'info';
  const level = logLevels.find((each) => each === text);
  if (level) return level;
  throw new ConfigError(`LOG_LEVEL is '${text}' but must be one of ${logLevels.join(', ')}`);
}

function readUrl(env: Environment): string | null {
  const text = read(env, 'DATABASE_URL');
  if (text === null) return null;
  // Hosts and ports are read by the store: there may be several.
  if (/^postgres(ql)?:\/\/\S+$/.test(text)) return text;
  // The value stays out of the message: it may hold a password.
  throw new ConfigError('DATABASE_URL must be like postgres://user:password@host:5432/database');
}

function readSmtpUrl(env: Environment): string | null {
  const text = read(env, 'SMTP_URL');
  if (text === null) return null;
  if (/^smtps?:\/\//.test(text) && URL.canParse(text)) return text;
  // As with the database, the value stays out of the message.
  throw new ConfigError('SMTP_URL must be like smtp://user:password@host:587');
}

function readEncryptionKey(env: Environment): Buffer | null {
  const text = read(env, 'EVENKEEL_ENCRYPTION_KEY');
  if (text === null) return null;
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  throw new ConfigError('EVENKEEL_ENCRYPTION_KEY must be 64 hexadecimal digits, as `openssl rand -hex 32` makes them');
}

function readServerUrl(env: Environment): string {
  const text = read(env, 'EVENKEEL_URL');
  if (text === null) return `http://${read(env, 'HOST') ?? '127.0.0.1'}:${read(env, 'PORT') ?? 12_111}`;
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '');
  throw new ConfigError(`EVENKEEL_URL is '${text}' but must be like http://127.0.0.1:12111`);
}

/** A misspelt name would be a setting that silently does not hold. */
function refuseUnknown(env: Environment): void {
  for (const name of Object.keys(env)) {
    if (!name.startsWith('EVENKEEL_') || (ownNames as readonly string[]).includes(name)) continue;
    throw new ConfigError(`${name} is not a setting of Evenkeel; did you mean ${nearest(name)}?`);
  }
}

const nearest = (name: string): string =>
  ownNames.reduce((best, each) => (distance(each, name) < distance(best, name) ? each : best));

/** How many letters must be added, dropped or changed to get from one word to the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= other.length; column++) {
      const changed = row[column - 1]! + (letter === other[column - 1] ? 0 : 1);
      next.push(Math.min(changed, row[column]! + 1, next[column - 1]! + 1));
    }
    row = next;
  }
  return row[other.length]!;
}
