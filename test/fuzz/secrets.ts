/** What must never stand in a log: keys, secrets of webhooks and pages, numbers of cards and bank accounts. */
const patterns: readonly RegExp[] = [
  /\b[sr]k_(?:test|live)_[0-9A-Za-z]{16,}/,
  /\bwhsec_[0-9A-Za-z]{10,}/,
  /_secret_[0-9A-Za-z]{10,}/,
  /4242424242424242|4000056655665556|5555555555554444|4000000000000259/,
  /000123456789|000111111116/,
  /Bearer |Basic [0-9A-Za-z]/,
];

export class LogWatch {
  readonly #exact = new Set<string>();
  #rest = '';
  /** Lines that hold a secret, with the pattern that found it. */
  readonly found = new Map<string, string>();
  /** The server's own words on what went wrong, by request id. */
  readonly errors = new Map<string, string>();
  bytes = 0;

  /** A secret that the server has told somebody. */
  learn(secret: string): void {
    if (this.#exact.size < 500) this.#exact.add(secret);
  }

  hear(text: string): void {
    this.bytes += text.length;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
  }

  #read(line: string): void {
    for (const pattern of patterns) {
      if (pattern.test(line)) this.found.set(String(pattern), line.slice(0, 600));
    }
    if (line.includes('/setup/') || line.includes('/express/') || line.includes('/links/')) {
      for (const secret of this.#exact)
        if (line.includes(secret)) this.found.set('a secret of a page', line.slice(0, 600));
    }
    if (line.includes('"level":"error"')) {
      try {
        const { request_id, error } = JSON.parse(line) as { request_id?: string; error?: string };
        if (request_id !== undefined) this.errors.set(request_id, error ?? line);
        else this.errors.set(`line ${this.errors.size}`, line);
      } catch {
        this.errors.set(`line ${this.errors.size}`, line);
      }
    }
  }
}
