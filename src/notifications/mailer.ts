import { createTransport } from 'nodemailer';

/** One e-mail in plain text. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same for the same message, however often it is sent. */
  readonly messageId: string;
}

export type MailResult =
  | { readonly sent: true }
  /** `isFinal`: the receiver will not have it, and would say so again. */
  | { readonly sent: false; readonly error: string; readonly isFinal: boolean };

export interface Mailer {
  /** Never throws: what goes wrong is the result. */
  send(mail: Mail): Promise<MailResult>;
  close(): void;
}

const connections = 2;
const patienceMs = 20_000;

/**
 * Sends through an SMTP server.
 *
 * @param url  `smtp://user:password@host:587`, `smtps://…` for TLS from the start
 * @param from whom messages come from: `Shop <no-reply@shop.example>`
 */
export function smtpMailer({ url, from }: { readonly url: string; readonly from: string }): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: connections,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    // A message is what we wrote: nothing in it may name a file or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // What is under way ends too: a server that hangs must not keep this process. The published types do not know of it.
  const close = transport.close.bind(transport) as (options: { readonly force: true }) => void;
  return {
    async send(mail) {
      try {
        await transport.sendMail({ from, ...mail });
        return { sent: true };
      } catch (error) {
        const { responseCode, message } = error as Error & { readonly responseCode?: number };
        return { sent: false, error: message, isFinal: responseCode !== undefined && responseCode >= 500 };
      }
    },
    close: () => close({ force: true }),
  };
}
