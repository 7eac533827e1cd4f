import type { WireRequest } from '../support/wire.ts';

export interface Refusal {
  readonly request: Omit<WireRequest, 'key'> & { readonly key?: string | null };
  readonly status: number;
  readonly code?: string; // none unless said
  readonly param?: string; // none unless said
  readonly message: string | RegExp;
}

const get = (path: string, headers: Record<string, string> = {}): Refusal['request'] => ({ path, headers });
const form = (path: string, body: string): Refusal['request'] => ({ method: 'POST', path, form: body });

const unrecognized = (request: string, hint = ''): string =>
  `Unrecognized request URL (${request}). ${hint}Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`;

const trailingSlash =
  'If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. ';

const noAccess =
  /^The provided key 'sk_test_\*+.{4}' does not have access to account 'acct_unknown' \(or that account does not exist\)\. Application access may have been revoked\.$/;

/** The smallest form that makes a payment intent. */
export const payment = 'amount=1000&currency=usd';

/** By what is wrong with the request. */
export const refusals: Readonly<Record<string, Refusal>> = {
  'no key': {
    request: { path: '/v1/balance', key: null },
    status: 401,
    message:
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
  },
  'an unknown key': {
    request: { path: '/v1/balance', key: 'sk_test_nobodyhasthiskeyabcd' },
    status: 401,
    message: /^Invalid API Key provided: sk_test_\*+abcd$/,
  },
  'an account that is not connected, in the header': {
    request: get('/v1/balance', { 'stripe-account': 'acct_unknown' }),
    status: 403,
    code: 'account_invalid',
    message: noAccess,
  },
  'an account that is not connected, in the path': {
    request: get('/v1/accounts/acct_unknown'),
    status: 403,
    code: 'account_invalid',
    message: noAccess,
  },
  'an unknown route': { request: get('/v1/nonsense'), status: 404, message: unrecognized('GET: /v1/nonsense') },
  'an unknown verb': {
    request: { method: 'PUT', path: '/v1/balance' },
    status: 404,
    message: unrecognized('PUT: /v1/balance'),
  },
  'a trailing slash': {
    request: get('/v1/transfers/'),
    status: 404,
    message: unrecognized('GET: /v1/transfers/', trailingSlash),
  },
  'a malformed version': {
    request: get('/v1/balance', { 'stripe-version': 'not-a-real-version' }),
    status: 400,
    message: 'Invalid Stripe API version: not-a-real-version',
  },
  'a JSON body': {
    request: {
      method: 'POST',
      path: '/v1/payment_intents',
      raw: '{"amount":1000}',
      headers: { 'content-type': 'application/json' },
    },
    status: 400,
    message: 'Invalid request body; expected form-encoding',
  },
  'an unknown parameter': {
    request: form('/v1/payment_intents', `${payment}&wat=1`),
    status: 400,
    code: 'parameter_unknown',
    param: 'wat',
    message: 'Received unknown parameter: wat',
  },
  'several unknown parameters': {
    request: form('/v1/payment_intents', `${payment}&wat=1&what=2`),
    status: 400,
    code: 'parameter_unknown',
    message: 'Received unknown parameters: wat, what',
  },
  'an unknown nested parameter': {
    request: form('/v1/payment_intents', `${payment}&transfer_data[nope]=1`),
    status: 400,
    code: 'parameter_unknown',
    param: 'transfer_data[nope]',
    message: 'Received unknown parameter: transfer_data[nope]',
  },
  'a missing parameter': {
    request: form('/v1/payment_intents', 'currency=usd'),
    status: 400,
    code: 'parameter_missing',
    param: 'amount',
    message: 'Missing required param: amount.',
  },
  'an empty parameter that cannot be unset': {
    request: form('/v1/payment_intents', 'amount=&currency=usd'),
    status: 400,
    code: 'parameter_invalid_empty',
    param: 'amount',
    message:
      "You passed an empty string for 'amount'. We assume empty values are an attempt to unset a parameter; however 'amount' cannot be unset. You should remove 'amount' from your request or supply a non-empty value.",
  },
  'letters for an integer': {
    request: form('/v1/payment_intents', 'amount=abc&currency=usd'),
    status: 400,
    code: 'parameter_invalid_integer',
    param: 'amount',
    message: 'Invalid integer: abc',
  },
  'a fraction for an integer': {
    request: form('/v1/payment_intents', 'amount=10.0&currency=usd'),
    status: 400,
    code: 'parameter_invalid_integer',
    param: 'amount',
    message: 'Invalid integer: 10.0',
  },
  'a number for a boolean': {
    request: form('/v1/payment_intents', `${payment}&confirm=1`),
    status: 400,
    param: 'confirm',
    message: 'Invalid boolean: 1',
  },
  'an unknown currency': {
    request: form('/v1/payment_intents', 'amount=1000&currency=xxd'),
    status: 400,
    param: 'currency',
    message: /^Invalid currency: xxd\. Stripe currently supports these currencies: usd, aed, afn, /,
  },
  'a value that is not in the list': {
    request: form('/v1/payment_intents', `${payment}&capture_method=x`),
    status: 400,
    param: 'capture_method',
    message: /^Invalid capture_method: must be one of .*, or /,
  },
  'less than the minimum': {
    request: form('/v1/payment_intents', 'amount=49&currency=usd'),
    status: 400,
    code: 'amount_too_small',
    param: 'amount',
    message: 'Amount must be at least $0.50 usd',
  },
  'more than the maximum': {
    request: form('/v1/payment_intents', 'amount=100000000&currency=usd'),
    status: 400,
    code: 'amount_too_large',
    param: 'amount',
    message: 'Amount must be no more than $999,999.99',
  },
  'an application fee without Connect': {
    request: form('/v1/payment_intents', `${payment}&application_fee_amount=10`),
    status: 400,
    message:
      'Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment (using an OAuth key or Stripe-Account header) or destination payment (using `transfer_data[destination]`).',
  },
  'a metadata value that is too long': {
    request: form('/v1/payment_intents', `${payment}&metadata[k]=${'x'.repeat(504)}`),
    status: 400,
    message: /^Metadata values can have up to 500 characters, but you passed in a value that is 504 characters\. /,
  },
  'an unknown charge in the path': {
    request: get('/v1/charges/ch_x'),
    status: 404,
    code: 'resource_missing',
    param: 'id',
    message: "No such charge: 'ch_x'",
  },
  'an unknown payment intent in the path': {
    request: get('/v1/payment_intents/pi_x'),
    status: 404,
    code: 'resource_missing',
    param: 'intent',
    message: "No such payment_intent: 'pi_x'",
  },
  'an unknown balance transaction in the path': {
    request: get('/v1/balance_transactions/txn_x'),
    status: 404,
    code: 'resource_missing',
    param: 'id',
    message: "No such balance transaction: 'txn_x'",
  },
  'an unknown transfer in the path': {
    request: get('/v1/transfers/tr_x'),
    status: 404,
    code: 'resource_missing',
    param: 'transfer',
    message: "No such transfer: 'tr_x'",
  },
  'an unknown destination in the body': {
    request: form('/v1/transfers', `${payment}&destination=acct_x`),
    status: 400,
    code: 'resource_missing',
    param: 'destination',
    message: "No such destination: 'acct_x'",
  },
  'a cursor that points nowhere': {
    request: get('/v1/charges?starting_after=ch_x'),
    status: 400,
    code: 'resource_missing',
    param: 'starting_after',
    message: "No such charge: 'ch_x'",
  },
  'a limit that is no number': {
    request: get('/v1/charges?limit=x'),
    status: 400,
    code: 'parameter_invalid_integer',
    param: 'limit',
    message: 'Invalid integer: x',
  },
  'an expand that needs data.': {
    request: get('/v1/balance_transactions?expand[]=source'),
    status: 400,
    message: "This property cannot be expanded (source). You may want to try expanding 'data.source' instead.",
  },
  'an expand that is too deep': {
    request: get('/v1/charges?expand[]=data.a.b.c.d'),
    status: 400,
    code: 'property_expansion_max_depth',
    message: 'You cannot expand more than 4 levels of a property. Property: data.a.b.c.d',
  },
};

/** payment method → what its bank says */
export const declines: Readonly<
  Record<string, { readonly code: string; readonly decline?: string; readonly message: string }>
> = {
  pm_card_chargeDeclined: { code: 'card_declined', decline: 'generic_decline', message: 'Your card was declined.' },
  pm_card_chargeDeclinedInsufficientFunds: {
    code: 'card_declined',
    decline: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  },
  pm_card_chargeDeclinedLostCard: { code: 'card_declined', decline: 'lost_card', message: 'Your card was declined.' },
  pm_card_chargeDeclinedExpiredCard: { code: 'expired_card', message: 'Your card has expired.' },
  pm_card_chargeDeclinedIncorrectCvc: { code: 'incorrect_cvc', message: "Your card's security code is incorrect." },
  pm_card_chargeDeclinedProcessingError: {
    code: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  },
};
