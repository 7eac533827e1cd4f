import pg from 'pg';

/** No server takes writes now. The message is one line and says of each why not. */
export class NoPrimary extends Error {
  override readonly name = 'NoPrimary';
  /** SQLSTATE: no connection could be made. */
  readonly code = '08001';
}

/** The answer that was waited for will not come: the server that owes it lost its part. */
export class LostPrimary extends Error {
  override readonly name = 'LostPrimary';
}

/** Whether something failed because there is no primary, or because it is another one now. */
export function isFailover(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof NoPrimary || at instanceof LostPrimary) return true;
  }
  return false;
}

/** What a server says of itself. */
interface Told {
  readonly host: string;
  readonly port: number;
  /** Counts the promotions that led to its log; null when it takes no writes. */
  readonly timeline: number | null;
  /** Whether its commits wait for a standby. */
  readonly confirmed: boolean;
  /** Whether it said what it is. */
  readonly answered: boolean;
  /** Why it cannot be used. */
  readonly says: string;
}

interface Answer {
  readonly standby: boolean;
  readonly readOnly: boolean;
  readonly confirmed: boolean;
  readonly timeline: string | null;
}

/** How the pool hears of a connection. */
type Connected = (error: Error | null, client?: pg.Client) => void;

type Place = Pick<Told, 'host' | 'port'>;
type Primary = Place & Pick<Told, 'confirmed'>;

/** A server that hangs must not hold up the way to another. */
const answerMsMax = 3_000;
/** How long the others may take once one has said that it takes writes. */
const othersMsMax = 300;
const watchEveryMs = 1_000;

const question = `select pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as "readOnly",
  current_setting('synchronous_standby_names') <> '' as confirmed,
  case when not pg_is_in_recovery() then left(pg_walfile_name(pg_current_wal_lsn()), 8) end as timeline`;

/**
 * One database on several servers, of which one takes writes: the primary, and after a failover another one.
 *
 * All are asked at once, and the primary is the one that takes writes on the newest timeline: a primary that was given up
 * and wakes again takes writes, too, but on an old one. Once a second they are asked anew, and connections to what is not
 * the primary any more are broken: an answer that one of them waits for may never come.
 */
export class Servers {
  readonly urls: readonly string[];
  readonly #clients = new Map<pg.Client, Place>();
  #looking: Promise<Primary> | null = null;
  #told: readonly Told[] = [];
  /** The newest timeline that was seen: what is older has lost its part. */
  #newest = 0;
  /** `host:port` of the primary that was found last; null while there is none. */
  #primary: string | null = null;
  /** Whether its commits wait for a standby; null before it was found. */
  #confirmed: boolean | null = null;
  /** Told in a line when the primary is lost, where it is found, and when its commits no longer wait for a standby, or do again. */
  onChange: (line: string) => void = () => {};
  readonly #watch: NodeJS.Timeout;
  /** For the driver's pool and for single connections: a client that finds the primary by itself. */
  readonly Client: typeof pg.Client;

  constructor(urls: readonly string[]) {
    this.urls = urls;
    const servers = this;
    this.Client = class extends pg.Client {
      override connect(): Promise<pg.Client>;
      override connect(callback: Connected): void;
      override connect(callback?: Connected): Promise<pg.Client> | undefined {
        const connected = servers.#lead(this).then(() => super.connect());
        if (callback === undefined) return connected;
        connected.then((client) => callback(null, client), callback);
        return undefined;
      }
    };
    this.#watch = setInterval(() => void this.#look(), watchEveryMs);
    this.#watch.unref();
  }

  close(): void {
    clearInterval(this.#watch);
  }

  /** @throws NoPrimary */
  find(): Promise<Primary> {
    this.#looking ??= this.#ask()
      .then(
        (primary) => {
          this.#tell(`${primary.host}:${primary.port}`);
          this.#tellConfirmed(primary);
          return primary;
        },
        (error: NoPrimary) => {
          this.#tell(null, error.message);
          throw error;
        },
      )
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
  }

  #tell(primary: string | null, why = ''): void {
    if (primary === this.#primary) return;
    this.#primary = primary;
    this.onChange(primary === null ? `the primary is lost: ${why}` : `the primary is ${primary}`);
  }

  /** Whoever sees to the servers may turn that off, and from then on one disk is all that an acknowledged write has. */
  #tellConfirmed({ host, port, confirmed }: Primary): void {
    const before = this.#confirmed;
    this.#confirmed = confirmed;
    if (before === null || before === confirmed) return;
    this.onChange(`commits on ${host}:${port} wait for ${confirmed ? 'a standby again' : 'no standby any more'}`);
  }

  async #lead(client: pg.Client): Promise<void> {
    const { host, port } = await this.find();
    Object.assign(client, { host, port });
    this.#clients.set(client, { host, port });
    client.once('end', () => this.#clients.delete(client));
  }

  async #look(): Promise<void> {
    if (this.#clients.size === 0) return;
    const primary = await this.find().catch(() => null);
    for (const [client, place] of this.#clients) {
      const told = this.#told.find((each) => same(each, place));
      const isLost = primary === null ? told?.answered === true : !same(primary, place);
      if (isLost)
        abort(client, new LostPrimary(`Connection terminated: ${place.host}:${place.port} is not the primary`));
    }
  }

  async #ask(): Promise<Primary> {
    const told: Told[] = [];
    const asked = this.urls.map(async (url, i) => {
      told[i] = await ask(url);
    });
    await new Promise<void>((resolve) => {
      void Promise.all(asked).then(() => resolve());
      for (const each of asked) {
        void each.then(() => {
          // One that was given up says so, too, and must not cut short the primary, which may be busy.
          const isNewest = ({ timeline }: Told) => timeline !== null && timeline >= this.#newest;
          if (told.some(isNewest)) setTimeout(resolve, othersMsMax).unref();
        });
      }
    });
    const answers = told.filter(Boolean);
    this.#newest = Math.max(this.#newest, ...answers.map(({ timeline }) => timeline ?? 0));
    this.#told = answers;
    const primary = answers.find(({ timeline }) => timeline === this.#newest);
    if (primary) return primary;
    const why = answers.map(({ host, port, timeline, says }) => {
      const old = `is a primary that was given up (timeline ${timeline}, the newest is ${this.#newest})`;
      return `${host}:${port} ${timeline === null ? says : old}`;
    });
    throw new NoPrimary(`no server takes writes: ${why.join('; ')}`);
  }
}

const same = (a: Place, b: Place): boolean => a.host === b.host && a.port === b.port;

/** Ends a connection without a word to the other side, which may not listen any more. */
function abort(client: pg.Client, error?: Error): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(error?: Error): void } } };
  connection.stream.destroy(error);
}

/**
 * Why the only server there is takes no writes; null when it does, and when it does not say: then whoever uses it finds out.
 */
export async function whyNoWrites(url: string): Promise<string | null> {
  const { answered, timeline, host, port, says } = await ask(url);
  return answered && timeline === null ? `${host}:${port} ${says}` : null;
}

async function ask(url: string): Promise<Told> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'evenkeel',
    connectionTimeoutMillis: answerMsMax,
    query_timeout: answerMsMax,
  });
  client.on('error', () => {});
  const { host, port } = client;
  try {
    await client.connect();
    const { rows } = await client.query<Answer>(question);
    const { standby, readOnly, confirmed, timeline } = rows[0] as (typeof rows)[number];
    const isPrimary = timeline !== null && !readOnly;
    return {
      host,
      port,
      timeline: isPrimary ? Number.parseInt(timeline, 16) : null,
      confirmed,
      answered: true,
      says: standby ? 'is a standby' : 'is read-only',
    };
  } catch (error) {
    const { message } = error as Error;
    const says = error instanceof pg.DatabaseError ? `lets nobody in (${message})` : `does not answer (${message})`;
    return { host, port, timeline: null, confirmed: false, answered: false, says };
  } finally {
    abort(client);
  }
}
