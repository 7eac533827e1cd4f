import type { Answer, Exchange } from '../../api/respond.ts';
import { bookOf } from '../../kernel/id.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { AnsweredRequest } from '../../webhooks/cli/filters.ts';
import type { CliSessions } from '../../webhooks/cli/sessions.ts';

/** What command lines ask for themselves is no news to them. */
const ownPaths = '/v1/stripecli/';

/** Tells who looks at requests of one that was answered; of those whose sender is not known, nobody. */
export function tellAnswered(
  sessions: CliSessions,
  { exchange, answer, ip, now }: { exchange: Exchange; answer: Answer; ip: string; now: UnixSeconds },
): void {
  const book = exchange.account === null ? null : bookOf(exchange.account);
  if (book === null || exchange.path.startsWith(ownPaths)) return;
  sessions.answered(
    book,
    (): AnsweredRequest => ({
      id: exchange.id,
      method: exchange.method,
      path: exchange.path,
      status: answer.status,
      created: now,
      ip,
      onBehalf: exchange.namedAccount !== null,
      error: answer.status < 400 || answer.page ? null : errorIn(answer.body),
    }),
  );
}

function errorIn(body: string): Record<string, unknown> | null {
  const answered: unknown = JSON.parse(body);
  const error = typeof answered === 'object' && answered !== null && 'error' in answered ? answered.error : null;
  return typeof error === 'object' ? (error as Record<string, unknown> | null) : null;
}
