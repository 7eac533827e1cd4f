import type { Wire } from '../../api/view.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import type { Line } from '../../ledger/statement.ts';
import type { CausedLine, OperationTold } from '../../store/reader.ts';
import type { ReserveTransactionObject } from '../reserves/object.ts';
import { linksOf } from './links.ts';

/** Which operation wrote something, on whose request. `number` is its place in the journal. */
export const operationWire = ({ account, command, idempotency_key, request, seq, time }: OperationTold): Wire => ({
  account,
  command,
  idempotency_key,
  number: seq,
  request,
  scheduled: request === null,
  time,
});

const brief = ({ id, type, amount, fee, source }: Line): Wire => ({
  id,
  amount,
  net: amount - fee,
  source: source ?? null,
  type,
});

/** The object that a row is of: its source, as the operation left it. */
const sourceIn = ({ line, operation }: CausedLine): StoredObject | undefined =>
  operation.put.find(({ id }) => id === line.source);

/**
 * What a row is of, and what else of the same operation explains it: objects made for this very row, where its source is
 * another one (a reversal's row names the transfer), and for a row of the reserve what happened to the account it stands for.
 *
 * @rule R131
 */
export function causeWire(row: CausedLine): {
  readonly links: readonly Wire[];
  readonly stands_for: Wire | null;
} {
  const { line, operation } = row;
  const source = sourceIn(row);
  const made = operation.put.filter(
    (object) => object !== source && 'balance_transaction' in object && object.balance_transaction === line.id,
  );
  const links = [
    ...(source ? linksOf(source) : []),
    ...made.flatMap((object) => [{ relation: 'because_of', id: object.id }, ...linksOf(object)]),
  ];
  const seen = new Set([line.source]);
  const distinct = links.filter(({ id }) => !seen.has(id) && seen.add(id));
  const account =
    line.type === 'reserve_transaction' ? (source as ReserveTransactionObject | undefined)?.standsFor : undefined;
  return {
    links: distinct.map(({ relation, id }) => ({ id, relation })),
    stands_for:
      account === undefined
        ? null
        : {
            account,
            // Without rows of its own the account changed otherwise: money that settled, a bank debit that cleared.
            transactions: operation.lines
              .filter((other) => other.account === account && other.currency === line.currency)
              .map(brief),
          },
  };
}
