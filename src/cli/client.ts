/** What the server said no to, in its words. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
}

/** The command line's way to a running Evenkeel: the same HTTP API that everyone uses. */
export class Client {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  get(path: string): Promise<Record<string, unknown>> {
    return this.#ask('GET', path);
  }

  /** @param body JSON for our own routes, a form for Stripe's */
  post(path: string, body: Record<string, unknown>): Promise<Record<string, unknown>> {
    const isOurs = path.startsWith('/evenkeel/');
    const form = new URLSearchParams(
      Object.fromEntries(Object.entries(body).map(([key, value]) => [key, String(value)])),
    );
    return this.#ask('POST', path, isOurs ? JSON.stringify(body) : form.toString(), isOurs);
  }

  async #ask(method: string, path: string, body?: string, isJson = false): Promise<Record<string, unknown>> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.#key}` };
    if (body !== undefined) headers['content-type'] = isJson ? 'application/json' : 'application/x-www-form-urlencoded';
    let response: Response;
    try {
      response = await fetch(this.#url + path, { method, headers, ...(body !== undefined && { body }) });
    } catch {
      throw new ServerError(`no Evenkeel answers at ${this.#url}; start one with \`npm start\`, or set EVENKEEL_URL`);
    }
    const answer = (await response.json()) as Record<string, unknown>;
    if (response.ok) return answer;
    throw new ServerError((answer.error as { message?: string } | undefined)?.message ?? `status ${response.status}`);
  }
}
