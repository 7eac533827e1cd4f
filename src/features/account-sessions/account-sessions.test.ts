import { expect, test } from 'vitest';
import { sellerOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import { monday, testContext, testPlatform } from '../../engine/testing.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { componentsWire } from './components.ts';
import { createAccountSession } from './create.ts';
import { accountSessionView } from './view.ts';

const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
const seller = sellerOf(1);

test('a session on the wire', () => {
  const params = { account: seller.id, components: { payments: { enabled: true } } };
  const made = createAccountSession.decide(params, { account: seller }, testContext());
  if (isRefusal(made)) throw new Error(made.error.message);
  const wire = accountSessionView.render(made.result, env) as Record<string, unknown>;
  expect(validateObject(wire)).toEqual([]);
  expect(wire).toMatchObject({ account: seller.id, expires_at: monday + 3600, livemode: false });
  expect(createAccountSession.decide(params, { account: undefined }, testContext())).toMatchObject({
    name: 'account_access',
  });
});

test('features are as usual unless the platform says otherwise, and off with their component', () => {
  const { payments, payouts, documents } = componentsWire({
    payments: { enabled: true, features: { refund_management: false } },
    payouts: { enabled: false, features: { instant_payouts: true } },
    documents: { enabled: true },
  }) as Record<string, { enabled: boolean; features: Record<string, boolean> }>;
  expect(payments).toMatchObject({ enabled: true, features: { capture_payments: true, refund_management: false } });
  expect(Object.values(payouts?.features ?? {})).not.toContain(true);
  expect(documents).toEqual({ enabled: true, features: {} });
});
