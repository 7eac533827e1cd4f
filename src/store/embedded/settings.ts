/**
 * Server settings, given on the command line so that a new release of Evenkeel can change them for old data.
 *
 * wal_compression stays off: the binaries are built without lz4 (18.4, checked with `wal_compression=lz4`), and pglz costs
 * more processor time than the bytes are worth.
 */
const settings = {
  // What makes an acknowledged payment survive a power cut. These are PostgreSQL's defaults; a `postgresql.conf` edited
  // by hand must not weaken them.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // No TCP: a socket in a directory of mode 700 is the only door.
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: '256MB',
  // Rare checkpoints: the first change of a page after one logs the whole page. At 4,000 payments a second the log grows
  // by 17 MB/s, so the size decides. The price is recovery after a crash: up to this much log is read again.
  max_wal_size: '4GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  // Compiling a plan takes longer than any statement of a ledger runs.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
} as const;

/** `-c name=value` for each setting; `flags` come last and so win. */
export const settingFlags = (flags: readonly string[]): string[] => [
  ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ...flags,
];

/** Children get no more environment than this: PGDATA or PGPORT of the person at the terminal must not reach them. */
export const serverEnv = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
