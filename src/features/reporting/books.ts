import { type BalanceTransactionType, balanceTransactionTypeNo } from '../../data/balance-transaction-types.ts';
import { assert } from '../../kernel/assert.ts';
import { type Birth, birthOf } from '../../kernel/id.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { accountNo } from '../../ledger/chart.ts';
import type { LineQuery, ObjectQuery, ReadStore, StatementLine, TimeRange } from '../../store/reader.ts';
import type { ReportStore, Total, TotalsQuery } from '../../store/reports.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import { type PayoutObject, payouts } from '../payouts/object.ts';
import { isSweep } from '../payouts/sweep.ts';

/** How much is held at a time, however long a report gets. */
const pageSize = 200;

export type LineFilter = Pick<LineQuery, 'created' | 'currency' | 'source' | 'spendable' | 'type'>;

/** One book, read page by page and oldest first. */
export class ReportBooks {
  readonly book: number;
  readonly #store: Pick<ReadStore, 'list' | 'lines' | 'linesAt' | 'objects'>;
  readonly #reports: Pick<ReportStore, 'totals'>;

  constructor(
    book: number,
    store: Pick<ReadStore, 'list' | 'lines' | 'linesAt' | 'objects'>,
    reports: Pick<ReportStore, 'totals'>,
  ) {
    this.book = book;
    this.#store = store;
    this.#reports = reports;
  }

  bornAt(id: string): Birth {
    const birth = birthOf(id, this.book);
    assert(birth !== null, 'what was read was born in its book');
    return birth;
  }

  /** The rows of an account. */
  async *lines(account: string, filter: LineFilter): AsyncGenerator<readonly StatementLine[]> {
    for (let before: Birth = { seq: 0, pos: 0 }; ; ) {
      const { items, hasMore } = await this.#store.lines({
        ...filter,
        book: this.book,
        account: accountNo(account, this.book),
        limit: pageSize,
        before,
      });
      const [last] = items;
      if (last === undefined) return;
      yield items.toReversed();
      if (!hasMore) return;
      before = this.bornAt(last.line.id);
    }
  }

  linesOfType(account: string, type: BalanceTransactionType, filter: LineFilter) {
    return this.lines(account, { ...filter, type: balanceTransactionTypeNo(type) });
  }

  totals(account: string, query: Omit<TotalsQuery, 'book' | 'account'>): Promise<readonly Total[]> {
    return this.#reports.totals({ ...query, book: this.book, account: accountNo(account, this.book) });
  }

  /** All connected accounts that the platform ever had. */
  async *connected(platform: string): AsyncGenerator<AccountObject> {
    for await (const page of this.#objects(platform, accounts.no, {})) {
      for (const account of page as readonly AccountObject[]) if (account.id !== platform) yield account;
    }
  }

  /** An account's automatic payouts, which are a few hundred a year. */
  async sweeps(account: string, created: TimeRange): Promise<readonly PayoutObject[]> {
    const found: PayoutObject[] = [];
    const where = (object: StoredObject) => isSweep(object as PayoutObject);
    for await (const page of this.#objects(account, payouts.no, { created, where })) {
      found.push(...(page as readonly PayoutObject[]));
    }
    return found;
  }

  /** The last automatic payout in a currency before a place, or of all before a moment. */
  async sweepBefore(
    account: string,
    currency: string,
    before: { readonly place: Birth } | { readonly moment: number },
  ): Promise<PayoutObject | undefined> {
    const { items } = await this.#store.list({
      book: this.book,
      account: accountNo(account, this.book),
      kind: payouts.no,
      limit: 1,
      ...('place' in before ? { after: before.place } : { created: { lt: before.moment } }),
      where: (object) => (object as PayoutObject).currency === currency && isSweep(object as PayoutObject),
    });
    return items[0] as PayoutObject | undefined;
  }

  /** The bank debits of an account's negative balances. */
  async bankDebits(account: string, created: TimeRange): Promise<readonly PayoutObject[]> {
    const found: PayoutObject[] = [];
    const where = (object: StoredObject) => (object as PayoutObject).coversNegative === true;
    for await (const page of this.#objects(account, payouts.no, { created, where })) {
      found.push(...(page as readonly PayoutObject[]));
    }
    return found;
  }

  /** Objects by their ids; those that are none are left out. */
  async objects(ids: Iterable<string | undefined>): Promise<ReadonlyMap<string, StoredObject>> {
    const wanted = [...new Set(ids)].flatMap((id) => {
      const birth = id === undefined ? null : birthOf(id, this.book);
      return id === undefined || birth === null ? [] : [{ id, birth }];
    });
    if (wanted.length === 0) return new Map();
    const found = await this.#store.objects(
      this.book,
      wanted.map(({ birth }) => birth),
    );
    return new Map(found.flatMap((object, i) => (object && object.id === wanted[i]?.id ? [[object.id, object]] : [])));
  }

  async linesAt(ids: Iterable<string | undefined>): Promise<ReadonlyMap<string, StatementLine>> {
    const births = [...new Set(ids)].flatMap((id) => (id === undefined ? [] : [this.bornAt(id)]));
    const found = births.length === 0 ? [] : await this.#store.linesAt(this.book, births);
    return new Map(found.flatMap((row) => (row ? [[row.line.id, row]] : [])));
  }

  async *#objects(
    account: string,
    kind: number,
    filter: Pick<ObjectQuery, 'created' | 'where'>,
  ): AsyncGenerator<readonly StoredObject[]> {
    for (let before: Birth = { seq: 0, pos: 0 }; ; ) {
      const { items, hasMore } = await this.#store.list({
        ...filter,
        book: this.book,
        account: accountNo(account, this.book),
        kind,
        limit: pageSize,
        before,
      });
      const [last] = items;
      if (last === undefined) return;
      yield items.toReversed();
      if (!hasMore) return;
      before = this.bornAt(last.id);
    }
  }
}
