import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { command, event } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { findCustomer, noSuchCustomer } from '../customers/keep.ts';
import { type ChargeObject, charges } from './object.ts';

export interface UpdateCharge {
  readonly charge: string;
  /** Given once. */
  readonly customer?: string;
  readonly description?: string | null;
  readonly fraud_details?: { readonly user_report: 'fraudulent' | 'safe' | null };
  readonly metadata?: Metadata | null;
  readonly receipt_email?: string | null;
  readonly shipping?: Readonly<Record<string, unknown>>;
  /** A label that is given once (R27). */
  readonly transfer_group?: string;
}

/** Changes the labels of a charge; money, and the description of its row, stay as they were (R15). */
export const updateCharge = command({
  name: 'charges.update',
  load: (read, params: UpdateCharge) => ({
    charge: read.own(charges, params.charge),
    customer: findCustomer(read, params.customer),
  }),

  decide({ charge: id, ...params }, { charge, customer }) {
    if (!charge) return refuse('no_such_in_path', { object: charges.noun, id, param: 'id' });
    if (params.customer !== undefined) {
      if (!customer) return noSuchCustomer(params.customer);
      if ((charge.customer ?? customer.id) !== customer.id) return refuse('set_once', { param: 'customer' });
    }
    const { transfer_group } = params;
    if (transfer_group !== undefined && (charge.transfer_group ?? transfer_group) !== transfer_group) {
      return refuse('set_once', { param: 'transfer_group' });
    }
    const { description: oldDescription, fraud_report: oldReport, receipt_email: oldEmail, ...rest } = charge;
    const { description = oldDescription, receipt_email = oldEmail, shipping } = params;
    const report = params.fraud_details ? params.fraud_details.user_report : oldReport;
    const changed: ChargeObject = {
      ...rest,
      ...(customer && { customer: customer.id }),
      ...(description && { description }),
      ...(report && { fraud_report: report }),
      ...(params.metadata !== undefined && { metadata: mergeMetadata(charge.metadata, params.metadata) }),
      ...(receipt_email && { receipt_email }),
      ...(shipping && { shipping }),
      ...(transfer_group !== undefined && { transfer_group }),
    };
    return { result: changed, put: [changed], emit: [event('charge.updated', changed)] };
  },
});
