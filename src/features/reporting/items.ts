import type { StatementLine } from '../../store/reader.ts';
import type { AccountObject } from '../accounts/object.ts';
import type { ApplicationFeeObject } from '../application-fees/object.ts';
import type { ChargeObject } from '../charges/object.ts';
import type { CustomerObject } from '../customers/object.ts';
import type { DisputeObject } from '../disputes/object.ts';
import type { PayoutObject } from '../payouts/object.ts';
import type { RefundObject } from '../refunds/object.ts';
import type { CollectionTransferObject, ReserveTransactionObject } from '../reserves/object.ts';
import type { TransferObject } from '../transfers/object.ts';
import type { ReportBooks } from './books.ts';
import type { Item } from './columns.ts';

/** What a row's source may be, as far as reports look into it. */
interface Sources {
  readonly charge?: ChargeObject | undefined;
  readonly refund?: RefundObject | undefined;
  readonly dispute?: DisputeObject | undefined;
  readonly transfer?: TransferObject | undefined;
  readonly payout?: PayoutObject | undefined;
  readonly fee?: ApplicationFeeObject | undefined;
  readonly reserve?: ReserveTransactionObject | undefined;
  readonly collection?: CollectionTransferObject | undefined;
}

const nouns: Readonly<Record<string, keyof Sources>> = {
  ch: 'charge',
  py: 'charge',
  re: 'refund',
  pyr: 'refund',
  du: 'dispute',
  dp: 'dispute',
  tr: 'transfer',
  po: 'payout',
  fee: 'fee',
  rtx: 'reserve',
  cct: 'collection',
};

function sourcesOf(id: string | undefined, found: ReadonlyMap<string, unknown>): Sources {
  const noun = id === undefined ? undefined : nouns[id.slice(0, id.indexOf('_'))];
  return id === undefined || noun === undefined ? {} : { [noun]: found.get(id) };
}

/** The charge that it all began with. */
const chargeOf = ({ refund, dispute, transfer, fee }: Sources): string | undefined =>
  refund?.charge ?? dispute?.charge ?? transfer?.source_transaction ?? fee?.originating_transaction ?? fee?.charge;

/** The account on the other side of a row. */
const partnerOf = (sources: Sources, charge: ChargeObject | undefined): string | undefined =>
  sources.fee?.payer ??
  sources.reserve?.standsFor ??
  sources.collection?.destination ??
  sources.transfer?.destination ??
  charge?.transfer_data?.destination ??
  charge?.source_account;

/** Looks up what the rows of one page are about: in three rounds, however many rows there are. */
export async function itemsOf(
  books: ReportBooks,
  rows: readonly StatementLine[],
  sweepOf: (row: StatementLine) => PayoutObject | undefined,
): Promise<readonly Item[]> {
  const first = await books.objects(rows.map(({ line }) => line.source));
  const sources = rows.map(({ line }) => sourcesOf(line.source, first));
  const [second, reversals] = await Promise.all([
    books.objects(sources.flatMap((each) => [chargeOf(each), each.charge?.source_transfer])),
    books.linesAt(sources.map(({ payout }) => payout?.failure_balance_transaction)),
  ]);
  const charges = sources.map((each) => each.charge ?? (second.get(chargeOf(each) ?? '') as ChargeObject | undefined));
  const third = await books.objects(sources.flatMap((each, i) => [partnerOf(each, charges[i]), charges[i]?.customer]));
  return rows.map((row, i): Item => {
    const each = sources[i] as Sources;
    const charge = charges[i];
    const { fee, payout } = each;
    return {
      row,
      sweep: sweepOf(row),
      charge,
      refund: each.refund,
      dispute: each.dispute,
      transfer: each.transfer ?? (second.get(charge?.source_transfer ?? '') as TransferObject | undefined),
      payout,
      reversedAt: reversals.get(payout?.failure_balance_transaction ?? '')?.created,
      directCharge: fee && fee.originating_transaction === undefined ? fee.charge : undefined,
      customer: third.get(charge?.customer ?? '') as CustomerObject | undefined,
      partner: third.get(partnerOf(each, charge) ?? '') as AccountObject | undefined,
    };
  });
}
