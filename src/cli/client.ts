import { type Config, ConfigError } from '../config.ts';

/** What the server said no to, in its words. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  /** `error.type` of its answer; null when nobody answered. */
  readonly type: string | null;
  /** The HTTP status of its answer; null when nobody answered. */
  readonly status: number | null;

  constructor(message: string, { type = null, status = null }: { type?: string | null; status?: number | null } = {}) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

export type Method = 'GET' | 'POST' | 'DELETE';

/** The command line's way to a running Evenkeel: the same HTTP API that everyone uses. */
export class Client {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  get(path: string): Promise<Record<string, unknown>> {
    return this.ask('GET', path);
  }

  post(path: string, body: Record<string, unknown>): Promise<Record<string, unknown>> {
    return this.ask('POST', path, body);
  }

  /**
   * @param body    of a POST: JSON for our own routes, a form for Stripe's, whose keys are spelled `metadata[order]`
   * @param account the acct_ id to act as, where that is not the platform
   * @throws ServerError
   */
  async ask(
    method: Method,
    path: string,
    body: Record<string, unknown> = {},
    account?: string,
  ): Promise<Record<string, unknown>> {
    const isOurs = path.startsWith('/evenkeel/');
    const headers: Record<string, string> = {
      authorization: `Bearer ${this.#key}`,
      ...(account !== undefined && { 'stripe-account': account }),
      ...(method === 'POST' && { 'content-type': isOurs ? 'application/json' : 'application/x-www-form-urlencoded' }),
    };
    const sent = method === 'POST' && { body: isOurs ? JSON.stringify(body) : formOf(body) };
    let response: Response;
    try {
      response = await fetch(this.#url + path, { method, headers, ...sent });
    } catch {
      throw new ServerError(`no Evenkeel answers at ${this.#url}; start one with \`npm start\`, or set EVENKEEL_URL`);
    }
    const answer = (await response.json()) as Record<string, unknown>;
    if (response.ok) return answer;
    const error = answer.error as { message?: string; type?: string } | undefined;
    throw new ServerError(error?.message ?? `status ${response.status}`, { ...error, status: response.status });
  }
}

const formOf = (body: Record<string, unknown>): string =>
  new URLSearchParams(Object.entries(body).map(([key, value]): [string, string] => [key, String(value)])).toString();

/** Acts as the platform of EVENKEEL_API_KEY. @throws ConfigError without one */
export function platformClient({ apiKey, serverUrl }: Config): Client {
  if (apiKey === null) throw new ConfigError('EVENKEEL_API_KEY must be set: the secret key of the platform');
  return new Client(serverUrl, apiKey);
}
