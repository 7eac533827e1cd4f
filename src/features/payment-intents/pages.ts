import { isDenial, type PageAnswer, type PageRequest, pageHtml, sentTo } from '../../api/page.ts';
import { page, type Route } from '../../api/route.ts';
import { authenticatePayment } from './authenticate.ts';
import { type PaymentIntentObject, paymentIntents } from './object.ts';

/** Where the bank's page would be. Opening it is the customer's yes, with `outcome=fail` a no. */
async function authenticate(request: PageRequest): Promise<PageAnswer> {
  const id = request.names.intent ?? '';
  const before = await request.books.find(paymentIntents, id);
  const client_secret = sentTo(request, 'client_secret');
  const params = { intent: id, client_secret, succeeds: sentTo(request, 'outcome') !== 'fail' };
  const intent = before && (await request.books.decide<PaymentIntentObject>(before, authenticatePayment, params));
  if (!before || !intent || isDenial(intent)) {
    return { status: 404, html: pageHtml('There is nothing to confirm', '<p>The address is wrong, or too old.</p>') };
  }
  const isPaid = intent.status === 'succeeded' || intent.status === 'requires_capture';
  const back = before.next_action?.return_url;
  if (back === undefined) {
    return { status: 200, html: pageHtml(isPaid ? 'The payment is confirmed' : 'The payment is not confirmed', '') };
  }
  const address = new URL(back);
  address.searchParams.set('payment_intent', id);
  address.searchParams.set('payment_intent_client_secret', client_secret);
  address.searchParams.set('redirect_status', isPaid ? 'succeeded' : 'failed');
  return { redirect: address.href };
}

export const pages: readonly Route[] = [
  page('GET', '/authenticate/payment_intents/:intent', {
    tier: 1,
    summary: "In place of the bank's page: confirms a payment that waits for the customer, and sends the browser back.",
    answer: authenticate,
  }),
];
