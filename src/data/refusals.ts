/**
 * Every answer that says no, and the two that say we are broken.
 *
 * rule     the refusal's number in the rules (X…), null where only the wire format asks for it
 * status   HTTP status
 * type     `error.type`; there are four on the wire
 * code     `error.code`; absent where Stripe has none: we never invent one
 * param    `error.param`; {name} is filled from the call, and the call may name another parameter
 * message  exact text; {name} is filled from the call, which the types of kernel/refusal.ts make sure of
 *
 * Source: Stripe's published error codes, and messages of its API; where none is known the text is Evenkeel's choice (rows with
 * an X number are marked r or e in the rules). Checked 2026-11-22.
 * Surprise: blanks and odd grammar are as Stripe writes them (two blanks in X11, four in the live form of X10), because
 * integrations match on these texts. A refund of an unknown charge is a 404 although the id stands in the body.
 */
export const refusals = {
  // Keys and accounts

  key_missing: {
    rule: 'X1',
    status: 401,
    type: 'invalid_request_error',
    message:
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
  },
  /** {key} is masked: prefix, stars, last four. */
  key_invalid: {
    rule: 'X1',
    status: 401,
    type: 'invalid_request_error',
    message: 'Invalid API Key provided: {key}',
  },
  key_expired: {
    rule: 'X1',
    status: 401,
    type: 'invalid_request_error',
    code: 'api_key_expired',
    message: 'Expired API Key provided: {key}',
  },
  key_publishable: {
    rule: 'X1',
    status: 401,
    type: 'invalid_request_error',
    code: 'secret_key_required',
    message:
      'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.',
  },
  key_permission: {
    rule: null,
    status: 403,
    type: 'invalid_request_error',
    message:
      "The provided key '{key}' does not have the required permissions for this endpoint on account '{account}'. Having the '{permission}' permission would allow this request to continue.",
  },
  /** What no permission of a restricted key covers. */
  key_not_allowed: {
    rule: null,
    status: 403,
    type: 'invalid_request_error',
    message:
      "The provided key '{key}' does not have the required permissions for this endpoint on account '{account}'.",
  },
  api_key_limit: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'This platform has {maximum} API keys, which is as many as there may be. Revoke one first.',
  },
  api_key_over: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'key',
    message: 'The API key {id} lets nobody in any more. Make another one.',
  },
  account_access: {
    rule: 'X2',
    status: 403,
    type: 'invalid_request_error',
    code: 'account_invalid',
    message:
      "The provided key '{key}' does not have access to account '{id}' (or that account does not exist). Application access may have been revoked.",
  },
  platform_account_required: {
    rule: null,
    status: 403,
    type: 'invalid_request_error',
    code: 'platform_account_required',
    message:
      "Only Stripe Connect platforms can work with other accounts. If you specified a client_id parameter, make sure it's correct. If you need to setup a Stripe Connect platform, you can do so at https://dashboard.stripe.com/account/applications/settings.",
  },
  account_headers_differ: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'The Stripe-Account and Stripe-Context headers name different accounts. Please send only one of them.',
  },
  connected_header_not_allowed: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'This endpoint works on the platform only. Please send the request without the Stripe-Account header.',
  },
  operator_key_invalid: {
    rule: null,
    status: 401,
    type: 'invalid_request_error',
    message: 'This endpoint needs the operator key.',
  },

  // Requests

  unknown_parameter: {
    rule: 'X4',
    status: 400,
    type: 'invalid_request_error',
    code: 'parameter_unknown',
    param: '{name}',
    message: 'Received unknown parameter: {name}',
  },
  /** {names} separated by comma and blank; {param} is the first of them. */
  unknown_parameters: {
    rule: 'X4',
    status: 400,
    type: 'invalid_request_error',
    code: 'parameter_unknown',
    param: '{param}',
    message: 'Received unknown parameters: {names}',
  },
  missing_parameter: {
    rule: 'X3',
    status: 400,
    type: 'invalid_request_error',
    code: 'parameter_missing',
    param: '{name}',
    message: 'Missing required param: {name}.',
  },
  empty_parameter: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'parameter_invalid_empty',
    param: '{name}',
    message:
      "You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; however '{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty value.",
  },
  unsupported_parameter: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message: '{param} is not supported by Evenkeel yet.',
  },
  invalid_integer: {
    rule: 'X5',
    status: 400,
    type: 'invalid_request_error',
    code: 'parameter_invalid_integer',
    param: '{param}',
    message: 'Invalid integer: {value}',
  },
  /** Of a fee; other amounts are told their bound. */
  invalid_positive_integer: {
    rule: 'X5',
    status: 400,
    type: 'invalid_request_error',
    code: 'parameter_invalid_integer',
    param: '{param}',
    message: 'Invalid positive integer',
  },
  integer_too_small: {
    rule: 'X5',
    status: 400,
    type: 'invalid_request_error',
    code: 'parameter_invalid_integer',
    param: '{param}',
    message: 'This value must be greater than or equal to {minimum}.',
  },
  integer_too_large: {
    rule: 'X5',
    status: 400,
    type: 'invalid_request_error',
    code: 'parameter_invalid_integer',
    param: '{param}',
    message: 'This value must be less than or equal to {maximum}.',
  },
  invalid_boolean: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message: 'Invalid boolean: {value}',
  },
  invalid_array: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message: 'Invalid array',
  },
  invalid_object: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message: 'Invalid object',
  },
  invalid_string: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message: 'Invalid string: {value}',
  },
  string_too_long: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message: 'Invalid {param}: must be at most {maximum} characters',
  },
  /** {choices} as `oneOf` of kernel/refusal.ts writes them. */
  invalid_choice: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message: 'Invalid {param}: must be one of {choices}',
  },
  /** {supported} is the whole list, in the table's order, separated by comma and blank. */
  invalid_currency: {
    rule: 'X8',
    status: 400,
    type: 'invalid_request_error',
    param: 'currency',
    message: 'Invalid currency: {currency}. Stripe currently supports these currencies: {supported}',
  },
  amount_not_multiple: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'amount',
    message: 'Invalid amount: amounts in {currency} must be multiples of {step}.',
  },
  invalid_email: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'email_invalid',
    param: 'email',
    message: 'Invalid email address: {value}',
  },
  invalid_url: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'url_invalid',
    param: '{param}',
    message: 'Invalid URL: An explicit scheme (such as https) must be provided.',
  },
  webhook_url_refused: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'url_invalid',
    param: '{param}',
    message: 'Invalid URL: {reason}.',
  },
  invalid_timestamp: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message: 'Invalid timestamp: must be an integer Unix timestamp',
  },
  parameters_exclusive: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'parameters_exclusive',
    message: 'Received both {first} and {second} parameters. Please pass in only one.',
  },
  cursors_exclusive: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'Received both starting_after and ending_before parameters. Please pass in only one.',
  },
  metadata_value_too_long: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message:
      'Metadata values can have up to 500 characters, but you passed in a value that is {length} characters. Invalid value: {value}',
  },
  metadata_key_too_long: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message:
      'Metadata keys can have up to 40 characters, but you passed in a key that is {length} characters. Invalid key: {key}',
  },
  metadata_key_invalid: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message: 'Metadata keys cannot contain square brackets. Invalid key: {key}',
  },
  metadata_too_many_keys: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'metadata',
    message: 'Metadata can have up to 50 keys, but this request would leave {count}.',
  },
  expand_too_deep: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'property_expansion_max_depth',
    param: 'expand',
    message: 'You cannot expand more than 4 levels of a property. Property: {property}',
  },
  not_expandable: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'expand',
    message: 'This property cannot be expanded ({property}).',
  },
  not_expandable_on_list: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'expand',
    message: "This property cannot be expanded ({property}). You may want to try expanding 'data.{property}' instead.",
  },
  idempotency_key_too_long: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'Idempotency keys can be at most 255 characters',
  },
  idempotency_parameters_differ: {
    rule: null,
    status: 400,
    type: 'idempotency_error',
    message:
      "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request.",
  },
  idempotency_route_differs: {
    rule: null,
    status: 400,
    type: 'idempotency_error',
    message:
      "Keys for idempotent requests can only be used for the same endpoint they were first used for ('{first}' vs '{now}'). Try using a key other than '{key}' if you meant to execute a different request.",
  },
  /** The only 409: clients repeat it by themselves. */
  idempotency_key_in_use: {
    rule: null,
    status: 409,
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message:
      'There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): {key}. Please try again later.',
  },
  invalid_api_version: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'Invalid Stripe API version: {version}',
  },
  invalid_body: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'Invalid request body; expected form-encoding',
  },
  /** Our own routes take JSON. */
  invalid_json_body: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'Invalid request body; expected a JSON object',
  },
  body_too_large: {
    rule: null,
    status: 413,
    type: 'invalid_request_error',
    message: 'The request body is larger than {maximum} bytes.',
  },
  head_too_large: {
    rule: null,
    status: 431,
    type: 'invalid_request_error',
    message: 'The headers of the request are larger than {maximum} bytes.',
  },
  request_too_slow: {
    rule: null,
    status: 408,
    type: 'invalid_request_error',
    message: 'The request did not arrive in time.',
  },
  unrecognized_url: {
    rule: null,
    status: 404,
    type: 'invalid_request_error',
    message:
      'Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.',
  },
  unrecognized_url_trailing_slash: {
    rule: null,
    status: 404,
    type: 'invalid_request_error',
    message:
      'Unrecognized request URL ({method}: {path}). If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. Please see https://stripe.com/docs or we can help at https://support.stripe.com/.',
  },
  rate_limit: {
    rule: null,
    status: 429,
    type: 'invalid_request_error',
    code: 'rate_limit',
    message:
      'Testmode request rate limit exceeded, the rate limits in testmode are lower than livemode. You can learn more about rate limits here https://stripe.com/docs/rate-limits.',
  },
  lock_timeout: {
    rule: null,
    status: 429,
    type: 'invalid_request_error',
    code: 'lock_timeout',
    message:
      'This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request. If you see this error frequently and are making multiple concurrent requests to a single object, make your requests serially or at a lower rate.',
  },
  internal_error: {
    rule: null,
    status: 500,
    type: 'api_error',
    message: 'An unknown error occurred',
  },
  unavailable: {
    rule: null,
    status: 503,
    type: 'api_error',
    message: 'The service is starting or stopping. Please try again in a few seconds.',
  },

  // Ids that name nothing

  no_such_in_path: {
    rule: 'X6',
    status: 404,
    type: 'invalid_request_error',
    code: 'resource_missing',
    param: '{param}',
    message: "No such {object}: '{id}'",
  },
  no_such: {
    rule: 'X7',
    status: 400,
    type: 'invalid_request_error',
    code: 'resource_missing',
    param: '{param}',
    message: "No such {object}: '{id}'",
  },
  no_such_other_mode_in_path: {
    rule: 'X6',
    status: 404,
    type: 'invalid_request_error',
    code: 'resource_missing',
    param: '{param}',
    message:
      "No such {object}: '{id}'; a similar object exists in {otherMode} mode, but a {mode} mode key was used to make this request.",
  },
  no_such_other_mode: {
    rule: 'X7',
    status: 400,
    type: 'invalid_request_error',
    code: 'resource_missing',
    param: '{param}',
    message:
      "No such {object}: '{id}'; a similar object exists in {otherMode} mode, but a {mode} mode key was used to make this request.",
  },
  no_such_payment_method_in_path: {
    rule: 'X6',
    status: 404,
    type: 'invalid_request_error',
    code: 'resource_missing',
    param: 'payment_method',
    message:
      "No such PaymentMethod: '{id}'; It's possible this PaymentMethod exists on one of your connected accounts, in which case you should retry this request on that connected account. Learn more at https://stripe.com/docs/connect/authentication",
  },
  no_such_payment_method: {
    rule: 'X7',
    status: 400,
    type: 'invalid_request_error',
    code: 'resource_missing',
    param: 'payment_method',
    message:
      "No such PaymentMethod: '{id}'; It's possible this PaymentMethod exists on one of your connected accounts, in which case you should retry this request on that connected account. Learn more at https://stripe.com/docs/connect/authentication",
  },
  payment_method_of_platform: {
    rule: 'X7',
    status: 400,
    type: 'invalid_request_error',
    code: 'resource_missing',
    param: 'payment_method',
    message:
      "No such PaymentMethod: '{id}'; OAuth key or Stripe-Account header was used but API request was provided with a platform-owned payment method ID. Please ensure that the provided payment method matches the specified account.",
  },

  // Cards

  card_declined: {
    rule: 'X36',
    status: 402,
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'generic_decline',
    message: 'Your card was declined.',
  },
  card_insufficient_funds: {
    rule: 'X36',
    status: 402,
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  },
  card_lost: {
    rule: 'X36',
    status: 402,
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'lost_card',
    message: 'Your card was declined.',
  },
  card_stolen: {
    rule: 'X36',
    status: 402,
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'stolen_card',
    message: 'Your card was declined.',
  },
  card_velocity_exceeded: {
    rule: 'X36',
    status: 402,
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'card_velocity_exceeded',
    message: 'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
  },
  card_expired: {
    rule: 'X36',
    status: 402,
    type: 'card_error',
    code: 'expired_card',
    param: 'exp_month',
    message: 'Your card has expired.',
  },
  card_incorrect_cvc: {
    rule: 'X36',
    status: 402,
    type: 'card_error',
    code: 'incorrect_cvc',
    param: 'cvc',
    message: "Your card's security code is incorrect.",
  },
  card_processing_error: {
    rule: 'X36',
    status: 402,
    type: 'card_error',
    code: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  },
  card_authentication_required: {
    rule: 'X36',
    status: 402,
    type: 'card_error',
    code: 'authentication_required',
    decline_code: 'authentication_required',
    message: 'Your card was declined. This transaction requires authentication.',
  },
  card_incorrect_number: {
    rule: null,
    status: 402,
    type: 'card_error',
    code: 'incorrect_number',
    param: 'number',
    message: 'Your card number is incorrect.',
  },
  card_invalid_expiry_month: {
    rule: null,
    status: 402,
    type: 'card_error',
    code: 'invalid_expiry_month',
    param: 'exp_month',
    message: "Your card's expiration month is invalid.",
  },
  card_invalid_expiry_year: {
    rule: null,
    status: 402,
    type: 'card_error',
    code: 'invalid_expiry_year',
    param: 'exp_year',
    message: "Your card's expiration year is invalid.",
  },
  card_invalid_cvc: {
    rule: null,
    status: 402,
    type: 'card_error',
    code: 'invalid_cvc',
    param: 'cvc',
    message: "Your card's security code is invalid.",
  },
  card_not_for_testing: {
    rule: null,
    status: 402,
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'test_mode_live_card',
    message:
      'Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
  },

  // Tokens and payment methods

  token_of_nothing: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message:
      'You must supply either a card, customer, PII data, bank account, or account legal entity to create a token.',
  },
  token_already_used: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'token_already_used',
    message: 'You cannot use a Stripe token more than once: {id}.',
  },
  account_number_invalid: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'account_number_invalid',
    param: 'bank_account[account_number]',
    message:
      'You must use a test bank account number in test mode. Try {example} or see more options at https://stripe.com/docs/connect/testing#account-numbers.',
  },
  routing_number_invalid: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'routing_number_invalid',
    param: 'bank_account[routing_number]',
    message: 'Invalid routing number for {country}: {value}',
  },
  payment_method_not_attached_to_update: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'You must save this PaymentMethod to a customer before you can update it.',
  },
  payment_method_already_attached: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'The payment method you provided has already been attached to a customer.',
  },
  payment_method_used_up: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message:
      'This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.',
  },
  payment_method_not_attached_to_detach: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'The payment method you provided is not attached to a customer so detachment is impossible.',
  },
  payment_method_of_other_customer: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'payment_method',
    message:
      'The customer does not have a payment method with the ID {id}. The payment method must be attached to the customer.',
  },
  payment_method_without_customer: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'payment_method',
    message:
      'The PaymentMethod {id} belongs to the Customer {customer}. Please include the Customer in the `customer` parameter.',
  },
  no_such_source_of_customer: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'missing',
    param: 'source',
    message: 'Customer {customer} does not have a linked source with ID {id}.',
  },
  bank_account_verified: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'This bank account has already been verified.',
  },
  microdeposits_wrong: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'The amounts provided do not match the amounts that were sent to the bank account.',
  },

  // Amounts and payments

  amount_too_small: {
    rule: 'X30',
    status: 400,
    type: 'invalid_request_error',
    code: 'amount_too_small',
    param: 'amount',
    message: 'Amount must be at least {minimum} {currency}',
  },
  amount_zero: {
    rule: 'X5',
    status: 400,
    type: 'invalid_request_error',
    code: 'parameter_invalid_integer',
    param: 'amount',
    message:
      'The amount must be greater than or equal to the minimum charge amount allowed for your account and the currency set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to save a Payment Method for future use without an immediate payment, use a Setup Intent instead: https://docs.stripe.com/payments/setup-intents',
  },
  amount_too_large: {
    rule: 'X58',
    status: 400,
    type: 'invalid_request_error',
    code: 'amount_too_large',
    param: 'amount',
    message: 'Amount must be no more than {maximum}',
  },
  conversion_without_rate: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'currency',
    message: 'Amounts in {from} cannot be converted to {to}, because there is no exchange rate between them.',
  },
  conversion_too_small: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'amount_too_small',
    param: 'amount',
    message: 'Amount must convert to at least {minimum}. {amount} is worth less.',
  },
  fee_with_transfer_amount: {
    rule: 'X31',
    status: 400,
    type: 'invalid_request_error',
    param: 'application_fee_amount',
    message: 'application_fee_amount and transfer_data[amount] cannot be used together.',
  },
  on_behalf_of_capability: {
    rule: 'X32',
    status: 400,
    type: 'invalid_request_error',
    param: 'on_behalf_of',
    message: 'The account in on_behalf_of needs the card_payments capability.',
  },
  transfer_amount_above_charge: {
    rule: 'X33',
    status: 400,
    type: 'invalid_request_error',
    param: 'transfer_data[amount]',
    message: 'The transfer amount cannot be larger than the charge.',
  },
  fee_without_connect: {
    rule: 'X35',
    status: 400,
    type: 'invalid_request_error',
    param: 'application_fee_amount',
    message:
      'Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment (using an OAuth key or Stripe-Account header) or destination payment (using `transfer_data[destination]`).',
  },
  destination_with_header: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'transfer_data[destination]',
    message: 'transfer_data[destination] cannot be used together with the Stripe-Account header.',
  },
  charges_blocked: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message:
      'Your account cannot currently make charges. Complete the requirements of account {id} to enable charges again.',
  },
  intent_update_state: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    param: '{param}',
    message:
      "This PaymentIntent's {param} could not be updated because it has a status of {status}. You may only update the {param} of a PaymentIntent with one of the following statuses: requires_payment_method, requires_confirmation, requires_action.",
  },
  intent_without_method: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message:
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
  },
  intent_already_succeeded: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message: 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.',
  },
  intent_confirm_state: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message:
      'You cannot confirm this PaymentIntent because it has a status of {status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action.',
  },
  intent_capture_state: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message:
      'This PaymentIntent could not be captured because it has a status of {status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.',
  },
  intent_cancel_state: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message:
      'You cannot cancel this PaymentIntent because it has a status of {status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.',
  },
  payment_authentication_failed: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'payment_intent_authentication_failure',
    message:
      'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
  },
  setup_authentication_failed: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'setup_intent_authentication_failure',
    message:
      'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
  },
  search_query_unparsable: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'query',
    message:
      'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for metadata or key:"value" to query for other fields.',
  },
  search_field_unsupported: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'query',
    message:
      'Field `{field}` is an unsupported search field for resource `{resource}`. See http://stripe.com/docs/search#query-fields-for-{page} for a list of supported fields.',
  },
  search_query_invalid: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'query',
    message: 'Invalid search query: {reason}.',
  },
  setup_without_method: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'setup_intent_unexpected_state',
    message:
      "You cannot confirm this SetupIntent because it's missing a payment method. You can either update the SetupIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
  },
  setup_confirm_state: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'setup_intent_unexpected_state',
    message:
      'You cannot confirm this SetupIntent because it has a status of {status}. Only a SetupIntent with one of the following statuses may be confirmed: requires_payment_method, requires_confirmation, requires_action.',
  },
  setup_update_state: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'setup_intent_unexpected_state',
    param: '{param}',
    message:
      "This SetupIntent's {param} could not be updated because it has a status of {status}. You may only update the {param} of a SetupIntent with one of the following statuses: requires_payment_method, requires_confirmation, requires_action.",
  },
  setup_cancel_state: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'setup_intent_unexpected_state',
    message:
      'You cannot cancel this SetupIntent because it has a status of {status}. Only a SetupIntent with one of the following statuses may be canceled: requires_payment_method, requires_confirmation, requires_action.',
  },
  capture_too_large: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'amount_too_large',
    param: 'amount_to_capture',
    message: 'The provided capture amount is greater than the amount authorized.',
  },
  charge_without_source: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'parameter_missing',
    message: 'Must provide source or customer.',
  },
  customer_without_card: {
    rule: null,
    status: 402,
    type: 'card_error',
    code: 'missing',
    param: 'card',
    message: 'Cannot charge a customer that has no active card',
  },
  charge_already_captured: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'charge_already_captured',
    message: 'Charge {id} has already been captured.',
  },
  charge_expired_for_capture: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'charge_expired_for_capture',
    message: 'Charge {id} is no longer available to capture because it has expired.',
  },
  intent_increment_state: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message:
      'This PaymentIntent ({id}) cannot be incremented because it has a status of {status}. Only a PaymentIntent with one of the following statuses may be incremented: requires_capture.',
  },
  intent_not_incrementable: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message:
      'This PaymentIntent ({id}) cannot be incremented because its card does not support incremental authorizations.',
  },
  intent_without_customer_balance: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message:
      'This PaymentIntent ({id}) cannot be funded from a customer balance because its payment_method_types do not include customer_balance.',
  },
  intent_without_microdeposits: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message:
      'This PaymentIntent ({id}) cannot be verified by microdeposits because it does not wait for them (next_action is not verify_with_microdeposits).',
  },
  setup_without_microdeposits: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'setup_intent_unexpected_state',
    message:
      'This SetupIntent ({id}) cannot be verified by microdeposits because it does not wait for them (next_action is not verify_with_microdeposits).',
  },
  customer_currency: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'currency',
    message:
      'You cannot combine currencies on a single customer. This customer has had a subscription, coupon, or invoice item with currency {currency}.',
  },
  customer_without_discount: {
    rule: null,
    status: 404,
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: 'No active discount for customer: {id}',
  },
  charge_not_capturable: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'Charge {id} could not be captured because it has a status of {status}.',
  },
  charge_of_intent: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message:
      'This uncaptured Charge was created by a PaymentIntent ({intent}). You must capture the PaymentIntent instead of this Charge by calling /v1/payment_intents/{intent}/capture.',
  },
  set_once: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message: 'The {param} of this object is already set and cannot be changed.',
  },

  // Transfers

  transfer_balance_insufficient: {
    rule: 'X10',
    status: 400,
    type: 'invalid_request_error',
    code: 'balance_insufficient',
    message:
      'You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card. See: https://stripe.com/docs/testing#available-balance',
  },
  transfer_balance_insufficient_live: {
    rule: 'X10',
    status: 400,
    type: 'invalid_request_error',
    code: 'balance_insufficient',
    message:
      'Insufficient funds in Stripe account.    You can use the /v1/balance endpoint to view your Stripe balance (for more details, see stripe.com/docs/api#balance).',
  },
  transfer_region: {
    rule: 'X13',
    status: 400,
    type: 'invalid_request_error',
    code: 'transfers_not_allowed',
    param: 'destination',
    message:
      "Funds can't be sent to accounts located in {country} because it's restricted outside of your platform's region. To learn more, see https://stripe.com/docs/connect/cross-border-payouts.",
  },
  /** {agreement} is recipient: Stripe says it of `full` as well, to old platforms, of accounts outside the region. */
  transfer_service_agreement: {
    rule: 'X13',
    status: 400,
    type: 'invalid_request_error',
    code: 'transfers_not_allowed',
    param: 'destination',
    message:
      "Funds can't be sent to accounts located in {country} when the account is under the `{agreement}` service agreement. To learn more, see https://stripe.com/docs/connect/service-agreement-types.",
  },
  transfer_capability: {
    rule: 'X14',
    status: 400,
    type: 'invalid_request_error',
    code: 'insufficient_capabilities_for_transfer',
    message:
      'Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments',
  },
  transfer_currency_of_source: {
    rule: 'X15',
    status: 400,
    type: 'invalid_request_error',
    param: 'source_transaction',
    message:
      "The currency of source_transaction's balance transaction ({sourceCurrency}) must be the same as the transfer currency ({currency})",
  },
  transfer_above_source: {
    rule: 'X16',
    status: 400,
    type: 'invalid_request_error',
    param: 'source_transaction',
    message: 'Transfers using this transaction as a source must not exceed the source amount of {sourceAmount}.',
  },
  transfer_above_source_left: {
    rule: 'X16',
    status: 400,
    type: 'invalid_request_error',
    param: 'source_transaction',
    message:
      'Transfers using this transaction as a source must not exceed the source amount of {sourceAmount}. (There is already a transfer using this source, amounting to {transferred}.)',
  },
  transfer_source_not_paid: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'source_transaction',
    message: 'The source_transaction {id} cannot be used because it has not succeeded or has not been captured.',
  },
  transfer_brazil_source: {
    rule: 'X17',
    status: 400,
    type: 'invalid_request_error',
    code: 'parameter_missing',
    param: 'source_transaction',
    message: 'For Transfers involving Brazil, the source_transaction parameter is mandatory',
  },
  transfer_to_self: {
    rule: 'X19',
    status: 400,
    type: 'invalid_request_error',
    param: 'destination',
    message: 'Transfers to your own account are not possible.',
  },
  no_such_destination: {
    rule: 'X61',
    status: 400,
    type: 'invalid_request_error',
    code: 'resource_missing',
    param: 'destination',
    message: "No such destination: '{id}'",
  },
  standard_account: {
    rule: 'X29',
    status: 400,
    type: 'invalid_request_error',
    code: 'not_allowed_on_standard_account',
    message: 'Transfers and payouts on behalf of a Standard connected account are not allowed.',
  },
  reversal_above_rest: {
    rule: 'X45',
    status: 400,
    type: 'invalid_request_error',
    param: 'amount',
    message: 'Reversal amount ({amount}) is greater than the unreversed amount of the transfer ({left})',
  },
  reversal_balance_insufficient: {
    rule: 'X47',
    status: 400,
    type: 'invalid_request_error',
    code: 'balance_insufficient',
    message: 'The connected account has insufficient available funds for this reversal.',
  },

  // Account debits; asked in the order of R74

  no_such_source: {
    rule: 'X62',
    status: 400,
    type: 'invalid_request_error',
    code: 'resource_missing',
    param: 'source',
    message: "No such source: '{id}'",
  },
  debit_source_liability: {
    rule: 'X51',
    status: 400,
    type: 'invalid_request_error',
    param: 'source',
    message:
      'This account cannot be used as a source because your platform is not responsible for its negative balances.',
  },
  debit_reference_required: {
    rule: 'X50',
    status: 400,
    type: 'invalid_request_error',
    code: 'parameter_missing',
    param: 'reference_transaction',
    message:
      'Stripe is responsible for negative balances of this account; reference_transaction is required to debit it.',
  },
  debit_reference_type: {
    rule: 'X59',
    status: 400,
    type: 'invalid_request_error',
    param: 'reference_transaction[type]',
    message: 'Invalid reference_transaction[type]: must be one of charge or payout',
  },
  /** {object} is charge or payout; also when the object exists on another account. */
  debit_reference_missing: {
    rule: 'X60',
    status: 400,
    type: 'invalid_request_error',
    code: 'resource_missing',
    param: 'reference_transaction[{object}]',
    message: "No such {object}: '{id}'",
  },
  /** The charge form names `source` as param, the transfer form `destination`. */
  debit_region: {
    rule: 'X52',
    status: 400,
    type: 'invalid_request_error',
    code: 'transfers_not_allowed',
    param: 'destination',
    message:
      'Account debits are only available between accounts of the same region; {country} cannot be debited from {platformCountry}.',
  },
  debit_currency: {
    rule: 'X54',
    status: 400,
    type: 'invalid_request_error',
    param: 'currency',
    message: "The currency must be the connected account's default currency ({currency}).",
  },
  debit_too_large: {
    rule: 'X55',
    status: 400,
    type: 'invalid_request_error',
    code: 'amount_too_large',
    param: 'amount',
    message: 'The amount of an account debit must be no more than 100,000.00 USD or its equivalent.',
  },
  debit_consent: {
    rule: 'X56',
    status: 400,
    type: 'invalid_request_error',
    code: 'transfers_not_allowed',
    message: 'The connected account has not agreed to account debits.',
  },
  debit_into_negative: {
    rule: 'X57',
    status: 400,
    type: 'invalid_request_error',
    code: 'balance_insufficient',
    message:
      'You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card. See: https://stripe.com/docs/testing#available-balance This debit would make the balance negative, which needs reserves and a bank account in {currency}.',
  },
  debit_combination: {
    rule: 'X64',
    status: 400,
    type: 'invalid_request_error',
    param: '{name}',
    message: 'Account debits cannot be combined with {name}.',
  },

  // Refunds, disputes, application fees

  refund_balance_insufficient: {
    rule: 'X12',
    status: 400,
    type: 'invalid_request_error',
    code: 'balance_insufficient',
    message: 'Insufficient funds in your Stripe balance to refund this amount.',
  },
  refund_of_nothing: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'parameter_missing',
    message: 'One of the following params should be provided for this request: payment_intent or charge.',
  },
  no_such_charge_to_refund: {
    rule: 'X6',
    status: 404,
    type: 'invalid_request_error',
    code: 'resource_missing',
    param: 'id',
    message: "No such charge: '{id}'",
  },
  refund_intent_without_charge: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'This PaymentIntent ({id}) does not have a successful charge to refund.',
  },
  charge_already_refunded: {
    rule: 'X40',
    status: 400,
    type: 'invalid_request_error',
    code: 'charge_already_refunded',
    message: 'Charge {id} has already been refunded.',
  },
  charge_disputed: {
    rule: 'X41',
    status: 400,
    type: 'invalid_request_error',
    code: 'charge_disputed',
    message: 'Charge {id} has been charged back; cannot issue a refund.',
  },
  refund_above_charge: {
    rule: 'X42',
    status: 400,
    type: 'invalid_request_error',
    param: 'amount',
    message: 'Refund amount ({amount}) is greater than charge amount ({chargeAmount})',
  },
  refund_above_rest: {
    rule: 'X42',
    status: 400,
    type: 'invalid_request_error',
    param: 'amount',
    message: 'Refund amount ({amount}) is greater than unrefunded amount on charge ({left})',
  },
  refund_without_transfer: {
    rule: 'X43',
    status: 400,
    type: 'invalid_request_error',
    param: 'reverse_transfer',
    message: 'Cannot reverse transfer on charge {id} because it does not have an associated transfer.',
  },
  refund_without_fee: {
    rule: 'X44',
    status: 400,
    type: 'invalid_request_error',
    param: 'refund_application_fee',
    message: 'Only an application generating a fee can call refund_application_fee on {id}',
  },
  refund_fee_without_reversal: {
    rule: 'X44',
    status: 400,
    type: 'invalid_request_error',
    param: 'refund_application_fee',
    message:
      'The application fee of {id} was paid out of its transfer: refund_application_fee is possible only together with reverse_transfer.',
  },
  refund_of_failed_charge: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'Charge {id} has failed; there is nothing to refund.',
  },
  refund_of_other_intent: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'payment_intent',
    message: 'Charge {id} does not belong to the PaymentIntent {intent}.',
  },
  refund_of_authorisation: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message:
      'Charge {id} is not captured. Cancel its PaymentIntent by calling /v1/payment_intents/{intent}/cancel instead.',
  },
  refund_part_of_authorisation: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'amount',
    message:
      'You cannot partially refund an uncaptured charge. Instead, capture the charge for an amount less than the original amount',
  },
  refund_not_cancelable: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'Canceling this refund is unsupported.',
  },
  refund_not_expirable: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'You can only expire refunds with a status of `requires_action`.',
  },
  fee_refund_above_rest: {
    rule: 'X49',
    status: 400,
    type: 'invalid_request_error',
    param: 'amount',
    message: 'Refund amount ({amount}) is greater than unrefunded amount on fee ({left})',
  },
  dispute_closed: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'This dispute is already closed',
  },
  dispute_evidence_late: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'The deadline to submit evidence has passed',
  },

  // Payouts and top-ups

  /** {sourceType}: card, bank_account, fpx. */
  payout_balance_insufficient: {
    rule: 'X11',
    status: 400,
    type: 'invalid_request_error',
    code: 'balance_insufficient',
    message:
      'You have insufficient funds in your Stripe account for this transfer. Your {sourceType} balance is too low.  You can use the /v1/balance endpoint to view your Stripe balance (for more details, see stripe.com/docs/api#balance).',
  },
  payout_no_external_account: {
    rule: 'X20',
    status: 400,
    type: 'invalid_request_error',
    param: 'destination',
    message: "Sorry, you don't have any external accounts in that currency ({currency}).",
  },
  payout_paused: {
    rule: 'X21',
    status: 400,
    type: 'invalid_request_error',
    code: 'payouts_not_allowed',
    message:
      'Payouts to this external account are paused because earlier payouts or debits failed. Update the external account to resume.',
  },
  payouts_disabled: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'payouts_not_allowed',
    message: 'Payouts are disabled for this account. Check its requirements and status.',
  },
  payout_cancel_status: {
    rule: 'X23',
    status: 400,
    type: 'invalid_request_error',
    message: 'This payout cannot be canceled because it is {status}.',
  },
  payout_cancel_automatic: {
    rule: 'X23',
    status: 400,
    type: 'invalid_request_error',
    message: 'This payout cannot be canceled because it was created automatically.',
  },
  payout_not_reversible: {
    rule: 'X24',
    status: 400,
    type: 'invalid_request_error',
    message: 'This payout cannot be reversed. ({reason})',
  },
  instant_payout_unsupported: {
    rule: 'X25',
    status: 400,
    type: 'invalid_request_error',
    code: 'instant_payouts_unsupported',
    param: 'method',
    message: 'This external account does not support instant payouts.',
  },
  instant_payout_limits: {
    rule: 'X26',
    status: 400,
    type: 'invalid_request_error',
    code: 'instant_payouts_limit_exceeded',
    param: 'amount',
    message: 'The amount is outside the instant payout limits ({minimum} to {maximum}).',
  },
  payout_daily_limit: {
    rule: 'X27',
    status: 400,
    type: 'invalid_request_error',
    code: 'payouts_limit_exceeded',
    message: 'The daily limit of payouts has been reached.',
  },
  payout_rows_of_manual: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'payout',
    message: 'Balance transaction history can only be filtered on automatic transfers, not manual.',
  },
  topup_cancel_status: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'This top-up cannot be canceled because it is {status}.',
  },
  topup_reverse_status: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'This top-up cannot be reversed because it is {status}.',
  },
  topup_unsupported: {
    rule: 'X80',
    status: 400,
    type: 'invalid_request_error',
    param: 'currency',
    message: 'Top-up creation is not supported for country {country} and currency {currency}.',
  },

  // Accounts

  controller_liability: {
    rule: 'X70',
    status: 400,
    type: 'invalid_request_error',
    param: 'controller[losses][payments]',
    message:
      'When stripe_dashboard[type]=none and requirement_collection=stripe, Stripe must be liable for negative balances or refunds and chargebacks.',
  },
  not_signed_up_for_connect: {
    rule: 'X71',
    status: 400,
    type: 'invalid_request_error',
    message: "You can only create new accounts if you've signed up for Connect",
  },
  reject_with_balance: {
    rule: 'X72',
    status: 400,
    type: 'invalid_request_error',
    message: 'This account cannot be rejected while it has a balance.',
  },
  reject_not_liable: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'This account cannot be rejected because your platform is not responsible for its negative balances.',
  },
  not_rejected: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'This account is not rejected.',
  },
  delete_with_balance: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'This account has a non-zero balance and cannot be deleted.',
  },
  type_with_controller: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'type',
    message: 'The type and controller parameters cannot be used together.',
  },
  country_unknown: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'country',
    message:
      "Country '{country}' is unknown. Try using a 2-character alphanumeric country code instead, such as 'US', 'EG', or 'GB'.",
  },
  country_unsupported: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'country_unsupported',
    param: 'country',
    message: '{country} is not currently supported by Stripe',
  },
  account_identity_not_editable: {
    rule: null,
    status: 403,
    type: 'invalid_request_error',
    message:
      'You may not change the identity of account {id} because its requirements are not collected by your platform.',
  },
  delay_days_out_of_range: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'settings[payouts][schedule][delay_days]',
    message: 'Invalid delay_days: must be between {minimum} and {maximum} for this account.',
  },
  bank_account_exists: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'bank_account_exists',
    message: 'A bank account with that routing number and account number already exists for this account.',
  },
  external_account_currency: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'external_account',
    message: 'Accounts in {country} cannot have external accounts in the currency {currency}.',
  },
  external_account_card_unsupported: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'external_account',
    message: 'This card cannot receive payouts. Use a debit card issued in the country of the account.',
  },
  external_account_default: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message:
      'You cannot delete the default external account for your default currency. Please make another external account the default using the `default_for_currency` param, and then delete this one.',
  },
  account_link_expired: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'This link was used before, or is older than {minutes} minutes.',
  },
  person_of_individual: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message:
      'This account is an individual, who is its only person. Please change the person with the account, or by its id.',
  },
  login_link_not_express: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'Cannot create a login link for an account that is not an Express account',
  },

  // Webhook endpoints, test clocks, operator

  webhook_endpoint_limit: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'You have reached the maximum of {maximum} {mode} webhook endpoints.',
  },
  test_clock_exists: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message:
      'This platform lives on test clock {id} already, and a platform has one clock. To test at another time, create a fresh platform.',
  },
  test_clock_in_past: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'frozen_time',
    message:
      'The frozen_time must not be before the last recorded moment of the platform ({now}). To test at an earlier time, create a fresh platform with a test_clock.',
  },
  test_clock_backwards: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'frozen_time',
    message: 'The frozen_time must be later than the current time of the test clock ({now}).',
  },
  test_clock_too_far: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'frozen_time',
    message: 'A test clock can be advanced by at most {maximum} days at a time. Please advance it in several steps.',
  },
  test_clock_advancing: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'Test clock {id} is advancing. Please wait until its status is ready.',
  },
  test_mode_only: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'Test helpers can only be used with a test mode key.',
  },
  already_exists: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'resource_already_exists',
    param: '{param}',
    message: "There is already a {object} with the id '{id}'.",
  },

  // Billing

  product_with_prices: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'This product cannot be deleted because it has one or more user-created prices.',
  },
  price_inactive: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message: 'The price specified is inactive. This field only accepts active prices.',
  },
  price_type: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message: 'The price specified is set to `type={type}` but this field only accepts prices with `type={expected}`.',
  },
  price_currency: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message: "The price specified only supports `{currency}`. This doesn't match the expected currency: `{expected}`.",
  },
  customer_without_method: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'resource_missing',
    message:
      'This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.',
  },
  proration_unsupported: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'proration_behavior',
    message:
      'Prorations are not supported by Evenkeel yet. Please send proration_behavior=none: the change then counts from the next period on.',
  },
  subscription_ended: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'A canceled subscription can only update its cancellation_details and metadata.',
  },
  subscription_action_required: {
    rule: null,
    status: 402,
    type: 'card_error',
    code: 'subscription_payment_intent_requires_action',
    message:
      'Payment for this subscription requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with `subscription.latest_invoice`.',
  },
  invoice_action_required: {
    rule: null,
    status: 402,
    type: 'card_error',
    code: 'invoice_payment_intent_requires_action',
    message:
      'This payment requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice.',
  },
  invoice_not_editable: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'invoice_not_editable',
    param: '{param}',
    message: "Finalized invoices can't be updated in this way.",
  },
  invoice_not_draft_to_delete: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'You can only delete draft invoices.',
  },
  invoice_of_subscription_to_delete: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'You cannot delete an invoice that was created by a subscription. Please void it instead.',
  },
  invoice_already_finalized: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
  },
  invoice_already_paid: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'Invoice is already paid',
  },
  invoice_not_payable: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'This invoice can no longer be paid',
  },
  invoice_not_open: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: "You can only pass in open invoices. This invoice isn't open.",
  },
  invoice_not_sendable: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: "You can only manually send an invoice if its collection method is set to 'send_invoice'.",
  },
  invoice_without_due_date: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: 'days_until_due',
    message:
      "If `collection_method` is `'send_invoice'`, `days_until_due` or `due_date` has to be given, and neither goes with any other collection method.",
  },
  invoiceitem_not_editable: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    message: 'This invoice item is attached to an invoice that is no longer editable.',
  },
  intent_of_invoice: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message: 'This PaymentIntent pays the invoice {invoice}, which alone decides about it.',
  },
  /** For one-off checks; {reason} is a clause without its full stop. */
  invalid_value: {
    rule: null,
    status: 400,
    type: 'invalid_request_error',
    param: '{param}',
    message: 'Invalid {param}: {reason}',
  },
} as const satisfies Record<string, RefusalRow>;

export interface RefusalRow {
  readonly rule: `X${number}` | null;
  readonly status: number;
  readonly type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly message: string;
}
