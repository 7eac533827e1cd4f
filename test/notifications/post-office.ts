import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A letter as the SMTP server got it. */
export interface Letter {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  readonly text: string;
}

/** An SMTP server that keeps what it gets. */
export class PostOffice {
  readonly letters: Letter[] = [];
  /** Set to have the next letters refused with this status: 451 for now, 550 for good. */
  refuseWith: number | null = null;
  refused = 0;
  readonly #server: SMTPServer;

  private constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          if (this.refuseWith !== null) {
            this.refused++;
            done(Object.assign(new Error('not today'), { responseCode: this.refuseWith }));
            return;
          }
          const { mailFrom, rcptTo } = session.envelope;
          const addresses = rcptTo.map(({ address }) => address);
          this.letters.push(letterIn(Buffer.concat(chunks).toString(), mailFrom ? mailFrom.address : '', addresses));
          done();
        });
      },
    });
    // Clients that are closed in the middle of a sentence are no affair of a test's.
    this.#server.on('error', () => {});
  }

  static async open(): Promise<PostOffice> {
    const office = new PostOffice();
    const listening = office.#server.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    return office;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

function letterIn(raw: string, from: string, to: readonly string[]): Letter {
  const end = raw.indexOf('\r\n\r\n');
  // Long header lines go on in the next one.
  const head = raw.slice(0, end).replace(/\r\n[ \t]+/g, ' ');
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1] ?? '';
  const body = raw.slice(end + 4);
  const isQuoted = /quoted-printable/i.test(header('Content-Transfer-Encoding'));
  const decoded = isQuoted
    ? body
        .replace(/=\r\n/g, '')
        .replace(/=([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    : body;
  return {
    from,
    to,
    subject: decodedWords(header('Subject')),
    messageId: header('Message-ID'),
    text: Buffer.from(decoded, isQuoted ? 'latin1' : 'utf8')
      .toString('utf8')
      .replaceAll('\r\n', '\n'),
  };
}

/** What is not ASCII in a header: `=?UTF-8?Q?Jenny=E2=80=99s?=`, in several words when it is long. */
const decodedWords = (text: string): string =>
  text.replace(/\?=\s+=\?/g, '?==?').replace(/(?:=\?UTF-8\?Q\?[^?]*\?=)+/gi, (words) => {
    const quoted = words.replace(/=\?UTF-8\?Q\?|\?=/gi, '').replaceAll('_', ' ');
    const bytes = quoted.replace(/=([0-9A-F]{2})/gi, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    );
    return Buffer.from(bytes, 'latin1').toString('utf8');
  });
