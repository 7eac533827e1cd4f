import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { signatureOf } from './signature.ts';

const stripe = new Stripe('sk_test_unused');
const secret = 'whsec_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef';
const body = JSON.stringify({ id: 'evt_1', object: 'event', text: 'é ✓ \u2028' }, null, 2);
const now = Math.floor(Date.now() / 1000);

test('is what the official client makes', () => {
  const header = stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: 1_772_445_600 });
  expect(signatureOf([secret], 1_772_445_600, body)).toBe(header);
});

test.each([[[secret]], [['whsec_old', secret]], [[secret, 'whsec_old']]])('is taken: %s', (secrets) => {
  expect(stripe.webhooks.constructEvent(body, signatureOf(secrets, now, body), secret)).toMatchObject({ id: 'evt_1' });
});

test.each([
  ['another secret', signatureOf(['whsec_other'], now, body), body],
  ['another body', signatureOf([secret], now, body), body.replace('evt_1', 'evt_2')],
  ['an old one', signatureOf([secret], now - 301, body), body],
  ['another time', signatureOf([secret], now - 1, body).replace(String(now - 1), String(now)), body],
])('is not taken: %s', (_, header, sent) => {
  expect(() => stripe.webhooks.constructEvent(sent, header, secret)).toThrow();
});
