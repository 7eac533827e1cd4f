import type { Context, Decision } from '../../engine/command.ts';
import type { DisputeObject } from './object.ts';
import { lose } from './outcome.ts';
import { isInquiry, isOpen } from './rules.ts';

/**
 * What the full refund of a charge does to its inquiries: nobody has anything left to ask for.
 *
 * @param disputes  of the charge
 */
export function closeInquiries(
  disputes: readonly DisputeObject[],
  ctx: Pick<Context, 'id' | 'now' | 'settledThrough' | 'platform'>,
): Required<Pick<Decision, 'put' | 'emit' | 'unschedule'>> {
  const ended = disputes
    .filter((dispute) => isInquiry(dispute) && isOpen(dispute))
    .map((dispute) => lose({ dispute }, ctx));
  return {
    put: ended.flatMap(({ put }) => put),
    emit: ended.flatMap(({ emit }) => emit),
    unschedule: ended.flatMap(({ unschedule }) => unschedule),
  };
}
