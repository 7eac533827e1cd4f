import type pg from 'pg';
import type { Currency } from '../../data/currencies.ts';
import type { ClaimedRun, ReportStore, Total, TotalsQuery } from '../reports.ts';
import { nowMs } from './sql.ts';

export class PostgresReports implements ReportStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async claimRuns(limit: number, leaseMs: number): Promise<readonly ClaimedRun[]> {
    const { rows } = await this.#pool.query<{
      book: number;
      livemode: boolean;
      seq: number;
      pos: number;
      attempts: number;
    }>({
      name: 'claim_report_runs',
      text: `insert into report_claims as claim (book, seq, pos, until, attempts)
             select o.book, o.seq, o.pos, ${nowMs} + $2, 1
             from (select book, seq, pos from objects o where kind = 52 and ref1 = 'pending'
                     and not exists (select from report_claims c
                                     where c.book = o.book and c.seq = o.seq and c.pos = o.pos and c.until > ${nowMs})
                   order by book, seq, pos limit $1) o
             on conflict (book, seq, pos) do update set until = excluded.until, attempts = claim.attempts + 1
             where claim.until <= ${nowMs}
             returning book, (select livemode from books b where b.book = claim.book), seq, pos, attempts`,
      values: [limit, leaseMs],
    });
    return rows.map(({ book, livemode, seq, pos, attempts }) => ({ book, livemode, birth: { seq, pos }, attempts }));
  }

  async holdRun({ book, birth }: Pick<ClaimedRun, 'book' | 'birth'>, leaseMs: number): Promise<void> {
    await this.#pool.query({
      name: 'hold_report_run',
      text: `update report_claims set until = ${nowMs} + $4 where book = $1 and seq = $2 and pos = $3`,
      values: [book, birth.seq, birth.pos, leaseMs],
    });
  }

  async totals({ book, account, from, before, through }: TotalsQuery): Promise<readonly Total[]> {
    const { rows } = await this.#pool.query<Omit<Total, 'currency'> & { currency: Currency }>({
      name: 'report_totals',
      text: `select currency, type::integer as type, count(*) as count, sum(amount)::bigint as amount, sum(fee)::bigint as fee
             from balance_transactions
             where book = $1 and account = $2 and seq < first_seq_at($1, $4)
               and ($3::bigint is null or seq >= first_seq_at($1, $3)) and ($5::integer is null or day is null or day <= $5)
             group by currency, type order by currency, type`,
      values: [book, account, from ?? null, before, through ?? null],
    });
    return rows;
  }
}
