import { isDenial, type PageAnswer, type PageRequest, pageHtml, sentTo } from '../../api/page.ts';
import { page, type Route } from '../../api/route.ts';
import { authenticateSetup } from './authenticate.ts';
import { type SetupIntentObject, setupIntents } from './object.ts';

/** Where the bank's page would be. Opening it is the customer's yes, with `outcome=fail` a no. */
async function authenticate(request: PageRequest): Promise<PageAnswer> {
  const id = request.names.intent ?? '';
  const before = await request.books.find(setupIntents, id);
  const client_secret = sentTo(request, 'client_secret');
  const params = { intent: id, client_secret, succeeds: sentTo(request, 'outcome') !== 'fail' };
  const intent = before && (await request.books.decide<SetupIntentObject>(before, authenticateSetup, params));
  if (!before || !intent || isDenial(intent)) {
    return { status: 404, html: pageHtml('There is nothing to confirm', '<p>The address is wrong, or too old.</p>') };
  }
  const isSetUp = intent.status === 'succeeded';
  const back = before.next_action?.return_url;
  if (back === undefined) {
    const title = isSetUp ? 'The payment method is set up' : 'The payment method is not set up';
    return { status: 200, html: pageHtml(title, '') };
  }
  const address = new URL(back);
  address.searchParams.set('setup_intent', id);
  address.searchParams.set('setup_intent_client_secret', client_secret);
  address.searchParams.set('redirect_status', isSetUp ? 'succeeded' : 'failed');
  return { redirect: address.href };
}

export const pages: readonly Route[] = [
  page('GET', '/authenticate/setup_intents/:intent', {
    tier: 2,
    summary: "In place of the bank's page: confirms a method that waits for the customer, and sends the browser back.",
    answer: authenticate,
  }),
];
