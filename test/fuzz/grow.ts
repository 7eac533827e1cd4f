/** Parameters grown from what a route declares: values of the declared type, and some that are not. */
import type { Form, Param } from '../../src/api/params.ts';
import type { Random } from '../simulation/random.ts';
import { nastyText } from './nasty.ts';
import type { Pair } from './request.ts';
import type { Tenant } from './world.ts';

/** How much of a request is wrong: nothing, one thing, or every third. */
export type Temper = 'valid' | 'one wrong' | 'wild';

export interface Growing {
  readonly random: Random;
  /** Whose ids are named. */
  readonly tenant: Tenant;
  /** Those whose ids are named by mistake. */
  readonly others: readonly Tenant[];
  /** Stands in every text. */
  readonly canary: string;
  readonly temper: Temper;
}

/** Prefixes by the names of parameters, in forms and in paths. */
const prefixes: Readonly<Record<string, readonly string[]>> = {
  account: ['acct'],
  bank: ['ba'],
  charge: ['ch', 'py'],
  connected_account: ['acct'],
  customer: ['cus'],
  default_payment_method: ['pm', 'card'],
  default_source: ['card', 'ba'],
  destination: ['acct', 'ba'],
  dispute: ['du', 'dp'],
  ending_before: ['ch', 'py', 'tr', 'po', 're', 'txn', 'evt', 'acct', 'cus', 'pi'],
  event: ['evt'],
  external_account: ['ba', 'card'],
  fee: ['fee'],
  file: ['file'],
  intent: ['pi', 'seti'],
  key: ['key'],
  link: ['link', 'alink'],
  on_behalf_of: ['acct'],
  payment_intent: ['pi'],
  payment_method: ['pm', 'card'],
  payout: ['po'],
  person: ['person'],
  refund: ['re', 'pyr', 'fr'],
  report_run: ['frr'],
  source: ['card', 'ba', 'acct', 'ch', 'py', 'po'],
  source_transaction: ['ch', 'py'],
  starting_after: ['ch', 'py', 'tr', 'po', 're', 'txn', 'evt', 'acct', 'cus', 'pi'],
  test_clock: ['clock'],
  token: ['tok', 'btok', 'ct'],
  topup: ['tu'],
  transfer: ['tr'],
  webhook_endpoint: ['we'],
};

/** What is no id and yet may stand where one does. */
const standIns: Readonly<Record<string, readonly string[]>> = {
  capability: ['transfers', 'card_payments', 'legacy_payments'],
  country: ['US', 'GB', 'JP', 'XX'],
  external_account: ['btok_us_verified', 'tok_visa_debit_us_transferSuccess'],
  payment_method: [
    'pm_card_visa',
    'pm_card_us',
    'pm_card_createDispute',
    'pm_card_chargeDeclined',
    'pm_card_bypassPending',
  ],
  report_type: ['balance.summary.1', 'payouts.summary.1'],
  source: ['tok_visa', 'tok_mastercard', 'tok_createDispute', 'tok_bypassPending', 'tok_chargeDeclined', 'btok_us'],
};

/** Values of parameters that are texts to the form, and more than that to whoever reads them. */
const wellKnown: Readonly<Record<string, readonly string[]>> = {
  account_holder_type: ['individual', 'company'],
  account_number: ['000123456789', '000111111116'],
  billing_cycle_anchor: ['1772445600'],
  country: ['US', 'US', 'US', 'GB', 'DE', 'JP'],
  cvc: ['123'],
  enabled_events: ['account.updated', 'payout.failed'],
  exp_month: ['12'],
  exp_year: ['2034'],
  expand: ['data'],
  interval: ['day', 'month'],
  ip: ['127.0.0.1', '2001:db8::1'],
  mcc: ['5734'],
  number: ['4242424242424242', '4000056655665556', '4000000000000259'],
  phone: ['0000000000', '+15555550123'],
  reason: ['fraudulent', 'requested_by_customer'],
  routing_number: ['110000000'],
  state: ['CA'],
  statement_descriptor: ['SHOP'],
  statement_descriptor_suffix: ['SALE'],
  status: ['pending', 'paid', 'succeeded'],
  timezone: ['Etc/UTC', 'America/New_York'],
  type: ['card', 'express', 'charge'],
};

/** Nobody listens there, so whatever is delivered ends at once. */
const address = 'http://127.0.0.1:9/hook';

export function idFor(name: string, growing: Growing): string {
  const { random, tenant, others, temper } = growing;
  const known = tenant.ids.of(prefixes[name] ?? [name]);
  const instead = standIns[name];
  const mistakes = temper === 'valid' ? 0 : temper === 'wild' ? 40 : 15;
  if (random.chance(mistakes)) {
    const other = random.pick(others).ids;
    const theirs = other.of(prefixes[name] ?? [name]);
    switch (random.int(6)) {
      case 0:
      case 1:
        return random.pick(theirs.length > 0 ? theirs : other.all());
      case 2:
        return random.pick(tenant.ids.all());
      case 3: {
        const id = random.pick(tenant.ids.all());
        const at = random.int(id.length);
        return id.slice(0, at) + random.pick(['0', 'z', '_', '.', 'é', '']) + id.slice(at + 1);
      }
      case 4:
        return `${(prefixes[name] ?? ['ch'])[0]}_${random.pick(tenant.ids.all()).split('_').at(-1)}`;
      default:
        return nastyText(random);
    }
  }
  if (instead !== undefined && (known.length === 0 || random.chance(50))) return random.pick(instead);
  return known.length === 0 ? random.pick(tenant.ids.all()) : random.pick(known);
}

function integerFor(name: string, random: Random): string {
  if (name === 'exp_year') return '2034';
  if (/day|month/.test(name)) return String(1 + random.int(28));
  if (name === 'year') return String(1950 + random.int(50));
  return String(random.int(random.pick([2, 100, 100_000])));
}

/** A value of the declared type. */
function plausible(name: string, { doc }: Param<unknown>, growing: Growing): string {
  const { random, tenant, canary } = growing;
  if (doc.choices && random.chance(95)) return random.pick(doc.choices);
  switch (doc.type.split(/,? or /)[0]) {
    case 'amount':
      return String(1 + random.int(random.pick([10, 5000, 50_000])));
    case 'boolean':
      return random.pick(['true', 'true', 'false']);
    case 'currency':
      return random.chance(90) ? 'usd' : random.pick(['eur', 'jpy', 'gbp', 'USD', 'kwd']);
    case 'decimal':
      return random.pick(['10', '33.3', '100']);
    case 'email':
      return `${canary}@example.com`;
    case 'id':
      return idFor(name, growing);
    case 'integer':
      return integerFor(name, random);
    case 'timestamp':
      return String(tenant.now + random.pick([-86_400, 0, 3600, 86_400, 400 * 86_400]));
    case 'url':
      return name === 'url' ? address : `https://${canary}.example/${random.int(10)}`;
    default: {
      const known = wellKnown[name];
      if (known !== undefined) return random.pick(known);
      if (prefixes[name] !== undefined) return idFor(name, growing);
      return random.pick([canary, `${canary} ${random.int(1000)}`, `${canary} é💣 "'<>&`]);
    }
  }
}

class Grown {
  readonly pairs: Pair[] = [];
  readonly #growing: Growing;
  /** How many values are still to be wrong. */
  #wrong: number;

  constructor(growing: Growing) {
    this.#growing = growing;
    this.#wrong = growing.temper === 'one wrong' ? 1 : 0;
  }

  fields(fields: Form['fields'], within: string, chance: number): void {
    const { random } = this.#growing;
    for (const [key, param] of Object.entries(fields)) {
      const isLeftOut = this.#growing.temper !== 'valid' && random.chance(2);
      if (param.required ? isLeftOut : !random.chance(param.supported ? chance : 1)) continue;
      this.param(key, within === '' ? key : `${within}[${key}]`, param);
    }
  }

  param(key: string, name: string, param: Param<unknown>): void {
    const { random, temper, canary } = this.#growing;
    if ((temper === 'wild' && random.chance(30)) || (this.#wrong > 0 && random.chance(25))) {
      this.#wrong--;
      this.wrong(name, param);
      return;
    }
    const { type, fields } = param.doc;
    if (type === 'metadata') {
      this.pairs.push([`${name}[who]`, canary]);
      if (random.chance(20)) this.pairs.push([`${name}[${random.int(60)}]`, nastyText(random).slice(0, 500)]);
      return;
    }
    if (type.startsWith('integer, or hash')) {
      this.pairs.push([
        random.chance(50) ? `${name}[gte]` : name,
        String(this.#growing.tenant.now - random.int(90_000)),
      ]);
      return;
    }
    if (fields && (!/ or hash$/.test(type) || random.chance(50))) {
      const inner = type.startsWith('array') ? `${name}[0]` : type.startsWith('hash of') ? `${name}[transfers]` : name;
      this.fields(fields, inner, 30);
      return;
    }
    const inner = type.startsWith('array') ? `${name}[]` : type.startsWith('hash of') ? `${name}[usd]` : name;
    this.pairs.push([
      inner,
      plausible(key, { ...param, doc: { ...param.doc, type: type.replace(/^.* of /, '') } }, this.#growing),
    ]);
  }

  /** A value that this parameter does not take, or spelled so that it is another. */
  wrong(name: string, param: Param<unknown>): void {
    const { random } = this.#growing;
    const text = nastyText(random);
    const one = plausible(name, param, this.#growing);
    switch (random.int(14)) {
      case 0:
        this.pairs.push([`${name}[]`, text]);
        break;
      case 1:
        this.pairs.push([
          `${name}[${random.pick(['x', '0', '__proto__', 'constructor', '\0', '', '[', ']', 'toString'])}]`,
          text,
        ]);
        break;
      case 2:
        this.pairs.push([name, one], [name, text]);
        break;
      case 3:
        this.pairs.push([`${name}[a]`, one], [`${name}[]`, one], [name, one]);
        break;
      case 4:
        this.pairs.push([name + '[a]'.repeat(1 + random.int(20)), one]);
        break;
      case 5:
        this.pairs.push([`${name}[`, one], [`[${name}]`, one], [`${name}]`, one]);
        break;
      case 6:
        this.pairs.push([`${name}${text.slice(0, 50)}`, one]);
        break;
      default:
        this.pairs.push([name, text]);
    }
  }
}

/** The parameters of one request, in declared order. `chance`: in percent, that an optional one is sent. */
export function growPairs(form: Form, chance: number, growing: Growing): Pair[] {
  const grown = new Grown(growing);
  grown.fields(form.fields, '', chance);
  return grown.pairs;
}
