import { Upload } from '../../src/api/upload.ts';
import { visitAccountLink } from '../../src/features/account-links/visit.ts';
import { authorizeAccount } from '../../src/features/oauth/authorize.ts';
import { deauthorizeAccount } from '../../src/features/oauth/deauthorize.ts';
import { authenticatePayment } from '../../src/features/payment-intents/authenticate.ts';
import { finishRun } from '../../src/features/reporting/finish.ts';
import { authenticateSetup } from '../../src/features/setup-intents/authenticate.ts';
import type { Tale } from './tale.ts';

const day = 86_400;
const week = 7 * day;

const consent = 'tos_acceptance[date]=1772445600&tos_acceptance[ip]=127.0.0.1';
const both = 'capabilities[card_payments][requested]=true&capabilities[transfers][requested]=true';
const manual = 'settings[payouts][schedule][interval]=manual';

async function seller(tale: Tale, more = ''): Promise<string> {
  const form = `type=custom&country=US&${both}&${consent}&${manual}&external_account=btok_us_verified${more && `&${more}`}`;
  return (await tale.call('POST /v1/accounts', form)).id;
}

const fund = (tale: Tale, account: string, amount = 500_000): Promise<unknown> =>
  tale.call('POST /evenkeel/v1/adjustments', `account=${account}&amount=${amount}&currency=usd&description=Opening`);

/** A payment by card, available at once unless another card is named. */
const pay = (tale: Tale, more = '', account?: string) =>
  tale.call(
    'POST /v1/payment_intents',
    `amount=10000&currency=usd&confirm=true&payment_method=pm_card_bypassPending${more && `&${more}`}`,
    account === undefined ? {} : { account },
  );

async function accounts(tale: Tale): Promise<void> {
  const express = (await tale.call('POST /v1/accounts', `type=express&email=anna@example.com&${both}`)).id;
  const link = await tale.call(
    'POST /v1/account_links',
    `account=${express}&type=account_onboarding&refresh_url=https://shop.example/again&return_url=https://shop.example/back`,
  );
  const visit = { link: link.id, secret: tale.find(link.id).secret, ip: '127.0.0.1', user_agent: 'Browser' };
  await tale.run(visitAccountLink, visit);
  await tale.call(`POST /v1/accounts/${express}/login_links`);
  await tale.call('POST /v1/account_sessions', `account=${express}&components[payouts][enabled]=true`);
  const custom = await seller(tale, 'business_type=company&company[name]=Boxes&company[tax_id]=000000000');
  const anna =
    'first_name=Anna&last_name=Berg&relationship[representative]=true&dob[day]=1&dob[month]=2&dob[year]=1990';
  const person = await tale.call(`POST /v1/accounts/${custom}/persons`, anna);
  await tale.call(`POST /v1/accounts/${custom}/persons/${person.id}`, 'email=anna@example.com');
  await tale.call(`DELETE /v1/accounts/${custom}/persons/${person.id}`);
  await tale.call(`POST /v1/accounts/${custom}/persons`, anna);
  await tale.call(`POST /v1/accounts/${custom}/external_accounts`, 'external_account=btok_us_verified&metadata[no]=2');
  const owned = tale.find(custom).external_accounts as readonly { readonly id: string }[];
  await tale.call(`POST /v1/accounts/${custom}/external_accounts/${owned[1]?.id}`, 'default_for_currency=true');
  await tale.call(`DELETE /v1/accounts/${custom}/external_accounts/${owned[0]?.id}`);
  await tale.call(`POST /v1/accounts/${custom}`, 'business_profile[name]=Boxes&metadata[shop]=7');
  await tale.call(`POST /v1/accounts/${custom}/capabilities/card_payments`, 'requested=false');
  await tale.call('POST /v1/balance_settings', 'payments[debit_negative_balances]=true', { account: custom });
  await tale.call('POST /evenkeel/v1/consents', `account=${custom}&date=1772445600&text=Debits are fine.`);
  await tale.call(`POST /v1/accounts/${express}/reject`, 'reason=fraud');
  const code = await tale.run(authorizeAccount, { scope: 'read_write' });
  await tale.run(deauthorizeAccount, { account: code.of });
  const gone = (await tale.call('POST /v1/accounts', 'type=express')).id;
  await tale.call(`DELETE /v1/accounts/${gone}`);
}

async function payments(tale: Tale): Promise<void> {
  await pay(tale, 'description=Order 7&metadata[order]=7&receipt_email=jenny@example.com');
  await pay(tale, 'payment_method=pm_card_visa&statement_descriptor_suffix=Order 8');
  await tale.declined(
    'POST /v1/payment_intents',
    'amount=2000&currency=usd&confirm=true&payment_method=pm_card_chargeDeclined',
  );
  const held = await pay(tale, 'capture_method=manual');
  await tale.call(`POST /v1/payment_intents/${held.id}/capture`, 'amount_to_capture=9000');
  await tale.call(`POST /v1/charges/${tale.find(held.id).latest_charge}`, 'description=Order 9');
  const strict = 'payment_method=pm_card_authenticationRequired&return_url=https://shop.example/back';
  const asked = await pay(tale, strict);
  const { client_secret } = tale.find(asked.id);
  await tale.run(authenticatePayment, { intent: asked.id, client_secret, succeeds: true });
  const open = await tale.call('POST /v1/payment_intents', 'amount=2000&currency=usd');
  await tale.call(`POST /v1/payment_intents/${open.id}/cancel`, 'cancellation_reason=abandoned');
  await pay(tale, 'capture_method=manual');
  await tale.call('POST /v1/charges', 'amount=900&currency=usd&source=tok_visa');
  await tale.wait(8 * day);
}

async function refunds(tale: Tale): Promise<void> {
  await fund(tale, tale.platform);
  const sale = await pay(tale);
  const refund = await tale.call('POST /v1/refunds', `payment_intent=${sale.id}&amount=4000&reason=duplicate`);
  await tale.call(`POST /v1/refunds/${refund.id}`, 'metadata[why]=kind');
  const slow = await pay(tale, 'payment_method=pm_card_refundFail');
  await tale.call('POST /v1/refunds', `payment_intent=${slow.id}`);
  await tale.wait(week);
}

async function disputes(tale: Tale): Promise<void> {
  await fund(tale, tale.platform);
  await pay(tale, 'payment_method=pm_card_createDispute');
  const dispute = tale.newest('du').id;
  await tale.call(
    `POST /v1/disputes/${dispute}`,
    'evidence[uncategorized_text]=winning_evidence&metadata[desk]=2&submit=true',
  );
  await pay(tale, 'payment_method=pm_card_createDispute');
  await tale.call(`POST /v1/disputes/${tale.newest('du').id}/close`);
  await pay(tale, 'payment_method=pm_card_createDisputeInquiry');
  await tale.wait(90 * day);
}

async function connect(tale: Tale): Promise<void> {
  await fund(tale, tale.platform);
  const account = await seller(tale);
  await pay(tale, `application_fee_amount=1230&transfer_data[destination]=${account}&transfer_group=order-7`);
  const fee = tale.newest('fee').id;
  const given = await tale.call(`POST /v1/application_fees/${fee}/refunds`, 'amount=100');
  await tale.call(`POST /v1/application_fees/${fee}/refunds/${given.id}`, 'metadata[why]=kind');
  await pay(tale, 'application_fee_amount=500', account);
  const transfer = await tale.call('POST /v1/transfers', `amount=5000&currency=usd&destination=${account}`);
  await tale.call(`POST /v1/transfers/${transfer.id}`, 'description=For February');
  const back = await tale.call(`POST /v1/transfers/${transfer.id}/reversals`, 'amount=1000&description=Too much');
  await tale.call(`POST /v1/transfers/${transfer.id}/reversals/${back.id}`, 'metadata[why]=error');
  await tale.call('POST /v1/charges', `amount=2500&currency=usd&source=${account}`);
  // Its refund leaves the seller below zero, which the platform's reserve covers.
  const large = await pay(tale, 'amount=90000', account);
  await tale.call('POST /v1/payouts', 'amount=90000&currency=usd', { account });
  await tale.call('POST /v1/refunds', `payment_intent=${large.id}`, { account });
  await tale.call('POST /evenkeel/v1/fx_rates', 'rates[eur][units]=100&rates[eur][usd]=108');
  await tale.wait(200 * day);
}

async function payouts(tale: Tale): Promise<void> {
  await fund(tale, tale.platform);
  const payout = await tale.call('POST /v1/payouts', 'amount=1500&currency=usd&description=March');
  await tale.call(`POST /v1/payouts/${payout.id}`, 'metadata[month]=3');
  const early = await tale.call('POST /v1/payouts', 'amount=100&currency=usd');
  await tale.call(`POST /v1/payouts/${early.id}/cancel`);
  await tale.wait(week);
  await tale.call(`POST /v1/payouts/${payout.id}/reverse`);
  const closed = 'external_account=btok_us_verified_accountClosed';
  const account = await seller(tale, closed);
  await fund(tale, account);
  await tale.call('POST /v1/payouts', 'amount=700&currency=usd', { account });
  await tale.wait(week);
  const daily = await seller(tale);
  await tale.call(`POST /v1/accounts/${daily}`, 'settings[payouts][schedule][interval]=daily');
  await pay(tale, 'payment_method=pm_card_visa', daily);
  await tale.wait(2 * week);

  const topup = await tale.call('POST /v1/topups', 'amount=2000&currency=usd&description=For March');
  await tale.call(`POST /v1/topups/${topup.id}`, 'metadata[month]=3');
  const pending = 'amount=2000&currency=usd&source=btok_us_verified_accountClosed';
  const late = await tale.call('POST /v1/topups', pending);
  await tale.call(`POST /v1/topups/${late.id}/cancel`);
  await tale.call('POST /v1/topups', pending);
  await tale.wait(week);
  const returned = await tale.call('POST /v1/topups', 'amount=2500&currency=usd&description=For April');
  await tale.call(`POST /evenkeel/v1/topups/${returned.id}/reverse`);
}

async function customers(tale: Tale): Promise<void> {
  const customer = (await tale.call('POST /v1/customers', 'name=Jenny Rosen&email=jenny@example.com')).id;
  await tale.call(`POST /v1/customers/${customer}`, 'phone=5551234&metadata[no]=7');
  const card = 'type=card&card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2034&card[cvc]=314';
  const method = await tale.call('POST /v1/payment_methods', `${card}&billing_details[name]=Jenny Rosen`);
  await tale.call(`POST /v1/payment_methods/${method.id}/attach`, `customer=${customer}`);
  await tale.call(`POST /v1/payment_methods/${method.id}`, 'metadata[home]=yes');
  await tale.call(`POST /v1/payment_methods/${method.id}/detach`);
  await tale.call('POST /v1/tokens', card.replace('type=card&', ''));
  await tale.call(`POST /v1/customers/${customer}/sources`, 'source=tok_visa');
  const [source] = tale.find(customer).sources as readonly string[];
  await tale.call(`POST /v1/customers/${customer}/sources/${source}`, 'name=Jenny');
  await tale.call(`DELETE /v1/customers/${customer}/sources/${source}`);
  await tale.call(`POST /v1/customers/${customer}/sources`, 'source=btok_us');
  await tale.call(`POST /v1/customers/${customer}/sources`, 'source=tok_mastercard&metadata[no]=2');

  await tale.call('POST /v1/setup_intents', `customer=${customer}&confirm=true&payment_method=pm_card_visa`);
  await tale.call(`POST /v1/customers/${customer}/balance_transactions`, 'amount=-500&currency=usd&description=Delay');
  const strict = 'confirm=true&payment_method=pm_card_authenticationRequired&return_url=https://shop.example/back';
  const asked = await tale.call('POST /v1/setup_intents', strict);
  const { client_secret } = tale.find(asked.id);
  await tale.run(authenticateSetup, { intent: asked.id, client_secret, succeeds: false });
  const open = await tale.call('POST /v1/setup_intents', 'usage=on_session');
  await tale.call(`POST /v1/setup_intents/${open.id}/cancel`);
  const gone = (await tale.call('POST /v1/customers', 'name=Jenny Rosen')).id;
  await tale.call(`DELETE /v1/customers/${gone}`);
}

async function billing(tale: Tale): Promise<void> {
  const product = (await tale.call('POST /v1/products', 'name=Boxes&description=Of wood')).id;
  await tale.call(`POST /v1/products/${product}`, 'metadata[kind]=box');
  const unused = (await tale.call('POST /v1/products', 'name=Crates')).id;
  await tale.call(`DELETE /v1/products/${unused}`);
  const price = (
    await tale.call('POST /v1/prices', `currency=usd&unit_amount=1500&product=${product}&recurring[interval]=month`)
  ).id;
  await tale.call(`POST /v1/prices/${price}`, 'nickname=Monthly');
  const payer = async (card: string) => {
    const { id } = await tale.call('POST /v1/customers', 'name=Jenny Rosen');
    const method = await tale.call('POST /v1/payment_methods', `type=card&card[token]=${card}`);
    await tale.call(`POST /v1/payment_methods/${method.id}/attach`, `customer=${id}`);
    await tale.call(`POST /v1/customers/${id}`, `invoice_settings[default_payment_method]=${method.id}`);
    return id;
  };
  const customer = await payer('tok_visa');
  const subscription = await tale.call('POST /v1/subscriptions', `customer=${customer}&items[0][price]=${price}`);
  await tale.call(`POST /v1/subscriptions/${subscription.id}`, 'metadata[shop]=7');
  await tale.call('POST /v1/subscriptions', `customer=${customer}&items[0][price]=${price}&trial_period_days=7`);
  await tale.wait(35 * day);
  await tale.call(`DELETE /v1/subscriptions/${subscription.id}`);

  const item = `customer=${customer}&amount=700&currency=usd&description=Delivery`;
  const dropped = await tale.call('POST /v1/invoiceitems', item);
  await tale.call(`DELETE /v1/invoiceitems/${dropped.id}`);
  const bill = async (more = '') => {
    await tale.call('POST /v1/invoiceitems', item);
    return tale.call('POST /v1/invoices', `customer=${customer}&pending_invoice_items_behavior=include${more}`);
  };
  const late = '&collection_method=send_invoice&days_until_due=30';
  const sent = await bill(late);
  await tale.call(`POST /v1/invoices/${sent.id}`, 'description=For boxes');
  await tale.call(`POST /v1/invoices/${sent.id}/send`);
  await tale.call(`POST /v1/invoices/${sent.id}/mark_uncollectible`);
  const voided = await bill(late);
  await tale.call(`POST /v1/invoices/${voided.id}/finalize`);
  await tale.call(`POST /v1/invoices/${voided.id}/void`);
  const thrown = await bill();
  await tale.call(`DELETE /v1/invoices/${thrown.id}`);
  const poor = await payer('tok_chargeCustomerFail');
  await tale.call('POST /v1/invoiceitems', `customer=${poor}&amount=700&currency=usd`);
  await tale.call('POST /v1/invoices', `customer=${poor}&auto_advance=true&pending_invoice_items_behavior=include`);
  const strict = await payer('tok_threeDSecure2Required');
  await tale.call('POST /v1/subscriptions', `customer=${strict}&items[0][price]=${price}`);
  await tale.call('POST /evenkeel/v1/billing_settings', 'subscription_retries_end=cancel');
  const account = await seller(tale);
  await tale.call('POST /v1/invoiceitems', item);
  await tale.call(
    'POST /v1/invoices',
    `customer=${customer}&auto_advance=true&pending_invoice_items_behavior=include&transfer_data[destination]=${account}`,
  );
  await tale.call(`POST /v1/accounts/${account}/reject`, 'reason=fraud');
  await tale.wait(2 * day);
}

async function platform(tale: Tale): Promise<void> {
  const file = new Upload(Buffer.from('%PDF-1.7\n'), 'receipt.pdf');
  const { id } = await tale.call('POST /v1/files', 'purpose=dispute_evidence&title=Receipt', { file });
  await tale.call('POST /v1/file_links', `file=${id}&metadata[order]=7`);
  const endpoint = await tale.call(
    'POST /v1/webhook_endpoints',
    'url=https://shop.example/hooks&enabled_events[]=payout.failed&description=Payouts',
  );
  await tale.call(`DELETE /v1/webhook_endpoints/${endpoint.id}`);
  const hooks = 'url=https://shop.example/hooks&enabled_events[]=*&metadata[desk]=2';
  await tale.call('POST /v1/webhook_endpoints', hooks);
  const interval = `parameters[interval_start]=${tale.now - 20 * day}&parameters[interval_end]=${tale.now - 10 * day}`;
  const report = `report_type=balance.summary.1&${interval}`;
  const run = await tale.call('POST /v1/reporting/report_runs', report);
  const csv = new Upload(Buffer.from('category,net\n'), null);
  await tale.run(finishRun, { run: run.id, made: { content: csv.sha256, sha256: csv.sha256, size: csv.bytes.length } });
  const failing = await tale.call('POST /v1/reporting/report_runs', report);
  await tale.run(finishRun, { run: failing.id, error: 'There was no room for it.' });
  await tale.call('POST /evenkeel/v1/notifications', 'enabled=true');
  await tale.wait(day);
  await tale.call(`DELETE /v1/test_helpers/test_clocks/${tale.newest('clock').id}`);
}

async function expiry(tale: Tale): Promise<void> {
  const { id } = await tale.call('POST /v1/customers', 'email=jenny@example.com');
  const card = 'source[object]=card&source[number]=4242424242424242&source[exp_month]=4&source[exp_year]=2026';
  await tale.call(`POST /v1/customers/${id}/sources`, card);
  await tale.wait(5 * week);
}

/** What happens on a platform, by subject. Each has a platform of its own, so that a change in one shows in no other. */
export const tales: Readonly<Record<string, (tale: Tale) => Promise<void>>> = {
  accounts,
  payments,
  refunds,
  disputes,
  connect,
  payouts,
  customers,
  expiry,
  billing,
  platform,
};
