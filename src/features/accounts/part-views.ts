import { type View, view } from '../../api/view.ts';
import { assert } from '../../kernel/assert.ts';
import type { AccountObject } from './object.ts';

/**
 * External accounts and capabilities are parts of their account and no objects of their own, so nothing is ever rendered
 * by these: they only say what may be expanded in what is on the wire already.
 */
const part = (object: string): View<AccountObject> =>
  view({
    // Never stored: no number, and no id that would name one.
    kind: { no: 0, object, prefixes: [], noun: object, refs: [] },
    expandable: ['account'],
    render() {
      assert(false, `${object} is rendered with its account`);
    },
  });

export const capabilityPartView = part('capability');
export const bankPartView = part('bank_account');
export const cardPartView = part('card');
