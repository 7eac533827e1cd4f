import { describe, expect, test } from 'vitest';
import { platformOf, sellerOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import { envOf } from '../../api/auth.ts';
import { Refused } from '../../api/errors.ts';
import { decodeForm } from '../../api/form.ts';
import { limits } from '../../data/limits.ts';
import { testAccount, testBook, testContext } from '../../engine/testing.ts';
import type { Id } from '../../kernel/id.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { secretsOf } from '../platforms/secrets.ts';
import { createWebhookEndpoint } from './create.ts';
import { deleteWebhookEndpoint } from './delete.ts';
import { type WebhookEndpointObject, webhookEndpoints } from './object.ts';
import { createForm, updateForm } from './params.ts';
import { updateWebhookEndpoint } from './update.ts';
import { madeEndpointViewWith, webhookEndpointView } from './view.ts';

const env = envOf(testBook, false);
const params = { url: 'http://127.0.0.1:4242/hook', enabled_events: ['*'], connect: false } as const;
const full = Array.from({ length: limits.webhookEndpointsMax }, (_, i): Id<'we'> => `we_${i}`);

const { keyed } = secretsOf({ adminKey: null, deterministicSeed: 1 });

function made(given: Partial<Parameters<typeof createWebhookEndpoint.decide>[0]> = {}): WebhookEndpointObject {
  const decision = createWebhookEndpoint.decide({ ...params, ...given }, { account: platformOf() }, testContext());
  if (isRefusal(decision)) throw new Error(decision.error.message);
  return decision.result;
}
const nameOf = (answer: unknown) => (isRefusal(answer) ? answer.name : null);

describe('an endpoint is made', () => {
  test('and its account knows of it', () => {
    const account = platformOf();
    const decision = createWebhookEndpoint.decide(params, { account }, testContext());
    if (isRefusal(decision)) throw new Error(decision.error.message);
    const { result } = decision;
    expect(decision.put).toEqual([result, { ...account, webhookEndpoints: [result.id] }]);
    expect(result).toMatchObject({ account: account.id, status: 'enabled', metadata: {} });
    expect(JSON.stringify(decision)).not.toContain('secret');
    expect(decision.emit).toBeUndefined();
  });

  // Each row breaks the rules after its own as well.
  test.each([
    ['invalid_url', { url: 'http://x.example/', connect: true }, { livemode: true, account: testAccount(1) }],
    ['invalid_value', { connect: true }, { account: testAccount(1) }],
    ['webhook_endpoint_limit', {}, { account: testAccount(1) }],
  ] as const)('not: %s', (name, given, context) => {
    const account = sellerOf(1, { webhookEndpoints: full });
    expect(nameOf(createWebhookEndpoint.decide({ ...params, ...given }, { account }, testContext(context)))).toBe(name);
  });

  test('its kind is the one that the schema has an index for', () => {
    expect(webhookEndpoints).toMatchObject({ no: 30, refs: ['status'] });
  });
});

describe('an endpoint is changed', () => {
  const endpoint = made({ description: 'before', metadata: { a: '1', b: '2' } });
  const change = (given: Omit<Parameters<typeof updateWebhookEndpoint.decide>[0], 'webhook_endpoint'>) =>
    updateWebhookEndpoint.decide({ webhook_endpoint: endpoint.id, ...given }, { endpoint }, testContext());

  test.each([
    [{ disabled: true }, { status: 'disabled' }],
    [{ disabled: false }, { status: 'enabled' }],
    [{ url: 'https://new.example/' }, { url: 'https://new.example/' }],
    [{ enabled_events: ['payout.paid'] }, { enabled_events: ['payout.paid'] }],
    [
      { description: 'after', metadata: { a: '', c: '3' } },
      { description: 'after', metadata: { b: '2', c: '3' } },
    ],
    [{}, {}],
  ] as const)('%j', (given, expected) => {
    expect(change(given)).toMatchObject({ result: { ...endpoint, ...expected } });
  });

  test('its description can be taken away', () => {
    expect(change({ description: null })).not.toHaveProperty('result.description');
  });

  test('not when it is gone, nor to an open URL in live mode', () => {
    const gone = { ...endpoint, deleted: true as const };
    const live = testContext({ livemode: true });
    const given = { webhook_endpoint: endpoint.id, url: 'http://x.example/' };
    expect(nameOf(updateWebhookEndpoint.decide(given, { endpoint: undefined }, live))).toBe('no_such_in_path');
    expect(nameOf(updateWebhookEndpoint.decide(given, { endpoint: gone }, live))).toBe('no_such_in_path');
    expect(nameOf(updateWebhookEndpoint.decide(given, { endpoint }, live))).toBe('invalid_url');
  });
});

describe('an endpoint is deleted', () => {
  const endpoint = made();
  const asked = { webhook_endpoint: endpoint.id };

  test('once', () => {
    const account = platformOf({ webhookEndpoints: ['we_1', endpoint.id] });
    const decision = deleteWebhookEndpoint.decide(asked, { endpoint, account }, testContext());
    expect(decision).toMatchObject({
      result: { deleted: true, status: 'disabled' },
      put: [{ id: endpoint.id }, { webhookEndpoints: ['we_1'] }],
    });
    const gone = { ...endpoint, deleted: true as const };
    expect(nameOf(deleteWebhookEndpoint.decide(asked, { endpoint: gone, account }, testContext()))).toBe(
      'no_such_in_path',
    );
  });
});

describe('an endpoint is shown', () => {
  const forms = [made(), made({ connect: true, api_version: '2024-06-20', description: 'D' })];
  test.each(forms)('as the API describes it, with its secret only to who made it', (endpoint) => {
    const wire = webhookEndpointView.render(endpoint, env);
    expect(validateObject(wire)).toEqual([]);
    const shown = madeEndpointViewWith(keyed).render(endpoint, env);
    expect(validateObject(shown)).toEqual([]);
    expect(wire).not.toHaveProperty('secret');
    expect(shown).toEqual({ ...wire, secret: expect.stringMatching(/^whsec_[A-Za-z0-9]{43}$/) });
    const other = madeEndpointViewWith(secretsOf({ adminKey: null, deterministicSeed: 2 }).keyed);
    expect(other.render(endpoint, env).secret).not.toBe(shown.secret);
    // As they were stored once.
    expect(madeEndpointViewWith(keyed).render({ ...endpoint, secret: 'whsec_old' }, env).secret).toBe('whsec_old');
    expect(wire.application).toBe(endpoint.connect ? env.application : null);
  });

  test('deleted', () => {
    const wire = webhookEndpointView.render({ ...made(), deleted: true }, env);
    expect(wire).toEqual({ id: expect.stringMatching(/^we_/), object: 'webhook_endpoint', deleted: true });
  });
});

describe('parameters', () => {
  const url = 'url=https://x.example/';
  const refusedAs = (form: string, of: typeof createForm | typeof updateForm = createForm) => {
    try {
      of(true).parse(decodeForm(form));
    } catch (error) {
      if (error instanceof Refused) return error.refusal.error;
      throw error;
    }
    return null;
  };

  test.each([
    [`${url}&enabled_events[]=*`, ['*']],
    [
      `${url}&enabled_events[0]=charge.succeeded&enabled_events[1]=payment.created`,
      ['charge.succeeded', 'payment.created'],
    ],
    // Published, although nothing of the kind happens here.
    [`${url}&enabled_events[]=checkout.session.completed`, ['checkout.session.completed']],
    [`${url}&enabled_events[]=payout.paid&enabled_events[]=payout.paid`, ['payout.paid']],
  ])('%s', (form, enabled_events) => {
    expect(createForm(true).parse(decodeForm(form))).toMatchObject({ enabled_events, connect: false });
  });

  test.each([
    [url, { code: 'parameter_missing', param: 'enabled_events' }],
    [
      `${url}&enabled_events[]=charge.*`,
      {
        param: 'enabled_events[0]',
        message: expect.stringMatching(/^Invalid enabled_events\[0\]: must be one of \*, /),
      },
    ],
    [`${url}&enabled_events[]=payout.paid&enabled_events[]=nonsense`, { param: 'enabled_events[1]' }],
    [`${url}&enabled_events[]=*&enabled_events[]=payout.paid`, { param: 'enabled_events' }],
    ['enabled_events[]=*', { code: 'parameter_missing', param: 'url' }],
    ['enabled_events[]=*&url=x.example/hook', { code: 'url_invalid', param: 'url' }],
    ['enabled_events[]=*&url=ftp://x.example/', { code: 'url_invalid', param: 'url' }],
    ['enabled_events[]=*&url=https://', { code: 'url_invalid', param: 'url' }],
    [`enabled_events[]=*&url=https://x.example/${'x'.repeat(2100)}`, { param: 'url' }],
    [`${url}&enabled_events[]=*&api_version=yesterday`, { type: 'invalid_request_error' }],
    [`${url}&enabled_events[]=*&disabled=true`, { code: 'parameter_unknown', param: 'disabled' }],
  ])('%s is refused', (form, error) => {
    expect(refusedAs(form)).toMatchObject(error);
  });

  test.each(['connect=true', 'api_version=2024-06-20'])('%s cannot be changed', (form) => {
    expect(refusedAs(form, updateForm)).toMatchObject({ code: 'parameter_unknown' });
  });
});
