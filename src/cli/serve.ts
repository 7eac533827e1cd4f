import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { envOf } from '../api/auth.ts';
import { Log, reasonOf } from '../api/log.ts';
import { buildServer } from '../api/server.ts';
import { Views } from '../api/views.ts';
import { type Config, defaultKey } from '../config.ts';
import { Engine } from '../engine/engine.ts';
import { type AccountObject, accounts } from '../features/accounts/object.ts';
import { lineView } from '../features/balance-transactions/view.ts';
import { tellAnswered } from '../features/cli-sessions/answered.ts';
import { eventView } from '../features/events/view.ts';
import { followPayments } from '../features/invoices/follow.ts';
import { composerWith } from '../features/notifications/compose.ts';
import { hasPlatforms, openDefaultPlatform, otherBookOf } from '../features/platforms/found.ts';
import { type Secrets, secretsOf } from '../features/platforms/secrets.ts';
import { type Reports, startReports } from '../features/reporting/worker.ts';
import { followThrough } from '../features/standing/follow.ts';
import { disablingAfter } from '../features/webhook-endpoints/disable-failing.ts';
import { dayOf, systemClock } from '../kernel/time.ts';
import { smtpMailer } from '../notifications/mailer.ts';
import { type Notifications, startNotifications } from '../notifications/worker.ts';
import { featuresWith, jobsOf, kindsOf } from '../registry.ts';
import { encryptionKeyIn } from '../store/embedded/encryption-key.ts';
import { checkTables } from '../store/postgres/audit.ts';
import { PostgresContents } from '../store/postgres/contents.ts';
import { PostgresDeliveries } from '../store/postgres/deliveries.ts';
import { encryptionKeyOf } from '../store/postgres/encryption-key.ts';
import { migrate } from '../store/postgres/migrate.ts';
import { PostgresOutbox } from '../store/postgres/outbox.ts';
import { PostgresStore } from '../store/postgres/postgres.ts';
import { PostgresReports } from '../store/postgres/reports.ts';
import { isFailover } from '../store/postgres/servers.ts';
import { isUnreachable } from '../store/store.ts';
import { CliSessions } from '../webhooks/cli/sessions.ts';
import { startWebhooks, type WebhookOptions, type Webhooks } from '../webhooks/worker.ts';
import { openDatabase } from './database.ts';

const expireEveryMs = 3_600_000;
const sameSignalMs = 1_000;

/** `evenkeel serve`: database, schema, engine, HTTP; until a signal says stop. Answers the exit status. */
export async function serve(config: Config): Promise<number> {
  const say = (line: string) => {
    if (config.logLevel !== 'silent') console.error(line);
  };
  const stopped = signalled();
  outliveReaders();
  const opened = await openDatabase(config, { onProgress: say });
  let store: PostgresStore | null = null;
  let deliveries: PostgresDeliveries | null = null;
  let status = 0;
  try {
    await migrate(opened.database, (name) => say(`Applied migration ${name}`));
    store = new PostgresStore(opened.database);
    await store.expireKeys(dayOf(systemClock()));
    deliveries = new PostgresDeliveries(opened.database);
    const secrets = await keyedSecrets(config, opened.home, store, say);
    const { engine, app, log, webhooks, cli, reports, notifications } = assemble(config, secrets, store, deliveries);
    if ('servers' in opened.database) opened.database.servers.onChange = (line) => log.warn(line);
    engine.start();
    if (opened.embedded) {
      await openDefaultPlatform({ engine, books: store, keys: store, secrets }, store.reader, defaultKey);
    }
    const expiring = setInterval(() => void store?.expireKeys(dayOf(systemClock())).catch(() => {}), expireEveryMs);
    try {
      await app.listen({ host: config.host, port: config.port });
      announce(app, config, opened.embedded, say);
      if (config.adminKey === null && !(await hasPlatforms(store.reader))) {
        say('  no platform  and none can be founded: set EVENKEEL_ADMIN_KEY and start again');
      }
      const lost = opened.ended.then(() => {
        // Whoever supervises us starts both again; the next start recovers what was acknowledged.
        say('evenkeel: PostgreSQL has ended; Evenkeel stops. Its log is postgres.log in the data directory.');
        status = 1;
      });
      await Promise.race([stopped, lost]);
      say('Stopping');
    } finally {
      clearInterval(expiring);
      // Its sockets keep the port.
      cli.stop();
      // First no new requests, then what was taken in is finished, then the database.
      await Promise.all([
        notifications.stop(),
        // Results of reports and endpoints that are disabled are written by the engine.
        Promise.all([app.close(), reports.stop(), webhooks.stop()]).then(() => engine.stop()),
      ]);
      log.flush();
    }
    return status;
  } finally {
    await deliveries?.close();
    await store?.close();
    await opened.close();
  }
}

/** Secrets by the encryption key of the database. @param home of an embedded database */
async function keyedSecrets(
  config: Config,
  home: string | null,
  { pool }: PostgresStore,
  say: (line: string) => void,
): Promise<Secrets> {
  const { adminKey, deterministicSeed } = config;
  const draw = () => secretsOf({ adminKey, deterministicSeed }).draw('encryption key');
  const given = config.encryptionKey ?? (home === null ? null : encryptionKeyIn(home, draw));
  const { key, isKept } = await encryptionKeyOf(pool, given);
  if (isKept) say('evenkeel: EVENKEEL_ENCRYPTION_KEY is not set, so the database itself keeps the key of its secrets');
  return secretsOf({ adminKey, deterministicSeed, encryptionKey: key });
}

/** Everything between the store and the port. */
export function assemble(
  config: Config,
  secrets: Secrets,
  store: PostgresStore,
  deliveries: PostgresDeliveries,
): {
  engine: Engine;
  app: FastifyInstance;
  log: Log;
  webhooks: Webhooks;
  cli: CliSessions;
  reports: Reports;
  notifications: Notifications;
} {
  const contents = new PostgresContents(store.pool);
  const outbox = new PostgresOutbox(store.pool);
  const log = new Log(config.logLevel, (text) => process.stdout.write(text));
  const failed = (what: string) => (error: unknown) => {
    // Said once, when the primary was lost.
    if (isFailover(error)) return;
    // Where we stood when the database went away tells nobody anything.
    if (isUnreachable(error)) log.warn(`${what}: ${reasonOf(error)}`);
    else log.error(what, error);
  };
  const render: WebhookOptions['render'] = (event, { book, livemode }) => {
    const env = envOf(book, livemode);
    return eventView(event, env, (object) => views.render(object, env));
  };
  const cli = new CliSessions({
    books: store,
    reader: store.reader,
    deliveries,
    render,
    onError: failed('cli sessions'),
  });
  const { fileBytesMax, webhooksPrivate } = config;
  const stores = { contents, fileBytesMax, outbox, webhooksPrivate };
  const features = featuresWith(secrets, deliveries, stores, cli);
  const views = new Views(features, lineView, null);
  const { smtpUrl, mailFrom: from, webhooksDisableDays } = config;
  const notifications = startNotifications({
    outbox,
    journal: deliveries,
    composer: composerWith(store.reader),
    mailer: smtpUrl === null ? null : smtpMailer({ url: smtpUrl, from }),
    onError: failed('notifications'),
  });
  const engine = new Engine({
    store,
    kinds: kindsOf(features),
    jobs: jobsOf(features),
    complete: (decision, read, ctx) => followThrough(followPayments(decision, read, ctx), read, ctx),
    batchLimit: config.batchLimit,
    pipelineDepth: config.pipelineDepth,
    queueLimit: config.queueLimit,
    verify: config.checkInvariants ? (book) => verify(store, book) : null,
    onCommitted: (book) => {
      webhooks.wake(book);
      cli.wake(book);
    },
  });
  const webhooks = startWebhooks({
    deliveries,
    render,
    keyed: secrets.keyed,
    allowPrivate: webhooksPrivate,
    disabling:
      webhooksDisableDays === null
        ? null
        : disablingAfter(webhooksDisableDays, engine, (endpoint) =>
            log.warn('a webhook endpoint is disabled: all that was sent to it failed', { endpoint }),
          ),
    onError: failed('webhooks'),
  });
  const reports = startReports({
    engine,
    reader: store.reader,
    reports: new PostgresReports(store.pool),
    contents,
    onError: failed('reports'),
  });
  const app = buildServer({
    engine,
    store: store.reader,
    keys: store,
    books: store,
    features,
    accountsKind: accounts,
    accountAccess: (account) => (account as AccountObject).deleted === undefined,
    otherBook: (book) => otherBookOf(store.reader, book),
    lineView,
    adminKey: config.adminKey,
    fileBytesMax: config.fileBytesMax,
    rateLimit: config.rateLimit,
    log,
    onAnswered: (exchange, answer, ip) => tellAnswered(cli, { exchange, answer, ip, now: systemClock() }),
    engineNumbers: () => engine.numbers,
    isReady: async () => engine.caughtUp && (await store.takesWrites()),
  });
  cli.attach(app.server);
  return { engine, app, log, webhooks, cli, reports, notifications };
}

async function verify(store: PostgresStore, book: number): Promise<string | null> {
  const [finding] = await checkTables(store.pool, book);
  return finding ? `${finding.promise}: ${finding.row}: ${finding.says}` : null;
}

function announce(app: FastifyInstance, config: Config, embedded: boolean, say: (line: string) => void): void {
  const { address, port } = app.server.address() as AddressInfo;
  const host = address.includes(':') ? `[${address}]` : address;
  say(`Evenkeel listens on http://${host}:${port}`);
  if (embedded) say(`  secret key  ${defaultKey}`);
  if (config.adminKey === 'admin_evenkeel') say(`  admin key   ${config.adminKey}`);
}

/**
 * Whoever reads what we say may go away (`| head`, a collector of logs that is restarted) and a disk may be full: payments go
 * on without a log. Unheard, the error would end this process and leave its PostgreSQL behind.
 */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/**
 * Resolves at the first SIGINT or SIGTERM. A second one does not wait any more; but not at once, since Ctrl-C in a terminal
 * reaches npm and us, and npm passes its own on.
 */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    let asked: number | null = null;
    const stop = () => {
      if (asked === null) resolve();
      else if (performance.now() - asked > sameSignalMs) process.exit(130);
      asked ??= performance.now();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
