import { view } from '../../api/view.ts';
import { lineView } from '../balance-transactions/line-wire.ts';
import { type AdjustmentObject, adjustmentLine, adjustments } from './object.ts';

/** An adjustment is answered with its row. */
export const adjustmentView = view<AdjustmentObject>({
  kind: adjustments,
  expandable: [],
  render: (adjustment) => lineView({ line: adjustmentLine(adjustment), created: adjustment.created, settled: true }),
});
