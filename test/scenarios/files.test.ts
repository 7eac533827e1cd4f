/** Files through Stripe's own client: uploading, reading, links, and evidence. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { admin, advanceClock, createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

const monday = 1_772_445_600;
const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from([0, 255, 13, 10, 45, 45])]);

let server: TestServer;
let platform: TestPlatform;
let stripe: Stripe;

beforeAll(async () => {
  server = await startServer();
  platform = await createPlatform(server, { test_clock: { frozen_time: monday } });
  stripe = stripeFor(server, platform);
}, 60_000);

afterAll(() => stopClean(server), 60_000);

const upload = (
  data: Buffer,
  given: Partial<Stripe.FileCreateParams> & { name?: string } = {},
  options?: Stripe.RequestOptions,
) => {
  const { name = 'receipt.pdf', ...params } = given;
  return stripe.files.create(
    { purpose: 'dispute_evidence', file: { data, name, type: 'application/octet-stream' }, ...params },
    options,
  );
};

const get = (url: string, key: string | null = platform.secret_key, headers: Record<string, string> = {}) =>
  fetch(url, { headers: { ...(key !== null && { authorization: `Bearer ${key}` }), ...headers } });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('a file', () => {
  test('is uploaded, told of, and read again byte for byte', async () => {
    const made = await upload(pdf, { name: '/home/jenny/receipt.pdf' });
    expect(made).toMatchObject({
      object: 'file',
      created: monday,
      expires_at: null,
      filename: 'receipt.pdf',
      purpose: 'dispute_evidence',
      size: pdf.length,
      title: null,
      type: 'pdf',
      url: `${server.url}/v1/files/${made.id}/contents`,
    });
    const { lastResponse: _, ...plain } = made;
    expect({ ...(await stripe.files.retrieve(made.id)) }).toEqual(plain);

    const response = await get(made.url ?? '');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(response.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''receipt.pdf");
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(response.headers.get('content-length')).toBe(String(pdf.length));
    expect((await bytesOf(response)).equals(pdf)).toBe(true);
  });

  test('is read by its account alone', async () => {
    const { id, url } = await upload(pdf);
    const other = await createPlatform(server);
    expect((await get(url ?? '', other.secret_key)).status).toBe(404);
    expect((await get(url ?? '', null)).status).toBe(401);
    await expect(stripeFor(server, other).files.retrieve(id)).rejects.toMatchObject({
      statusCode: 404,
      message: `No such file upload: '${id}'`,
    });
    const seller = await stripe.accounts.create({ type: 'custom' });
    const its = await upload(pdf, {}, { stripeAccount: seller.id });
    expect((await get(its.url ?? '')).status).toBe(404);
    expect((await get(its.url ?? '', platform.secret_key, { 'stripe-account': seller.id })).status).toBe(200);
  });

  test('may have several parts', async () => {
    const large = Buffer.alloc(4_000_000, 'Evenkeel ');
    const made = await upload(large, { name: 'large.bin' });
    expect(made).toMatchObject({ size: large.length, type: null });
    expect((await bytesOf(await get(made.url ?? ''))).equals(large)).toBe(true);
  });

  test('is the same when the request is repeated under its key', async () => {
    const once = await upload(pdf, {}, { idempotencyKey: 'upload' });
    expect((await upload(pdf, {}, { idempotencyKey: 'upload' })).id).toBe(once.id);
    await expect(upload(Buffer.from('%PDF other'), {}, { idempotencyKey: 'upload' })).rejects.toMatchObject({
      type: 'StripeIdempotencyError',
    });
  });

  test('files are listed by purpose', async () => {
    const icon = await upload(Buffer.from('GIF89a'), { purpose: 'business_icon', name: 'icon.gif' });
    const { data } = await stripe.files.list({ purpose: 'business_icon' });
    expect(data.map(({ id }) => id)).toEqual([icon.id]);
    expect((await stripe.files.list({ limit: 2 })).has_more).toBe(true);
  });

  test('is refused when it is too large, empty, or no file', async () => {
    await expect(upload(Buffer.alloc(5 * 1024 * 1024 + 1, 1))).rejects.toMatchObject({
      statusCode: 400,
      param: 'file',
    });
    const most = await upload(Buffer.alloc(5 * 1024 * 1024 + 1, 1), { purpose: 'pci_document' });
    expect(most.size).toBe(5 * 1024 * 1024 + 1);
    await expect(upload(Buffer.alloc(12 * 1024 * 1024, 1), { purpose: 'pci_document' })).rejects.toMatchObject({
      statusCode: 413,
    });
    await expect(upload(Buffer.alloc(0))).rejects.toMatchObject({ statusCode: 400, param: 'file' });
    await expect(upload(pdf, { purpose: 'finance_report_run' as 'pci_document' })).rejects.toMatchObject({
      param: 'purpose',
    });
    await expect(
      stripe.rawRequest('POST', '/v1/files', { purpose: 'dispute_evidence', file: 'text' }),
    ).rejects.toMatchObject({ statusCode: 400, param: 'file' });
  });
});

describe('a link', () => {
  test('gives the file to whoever has the address, until it ends', async () => {
    const file = await upload(pdf);
    const link = await stripe.fileLinks.create({
      file: file.id,
      expires_at: monday + 3600,
      metadata: { for: 'Jenny' },
      expand: ['file'],
    });
    expect(link).toMatchObject({
      expired: false,
      expires_at: monday + 3600,
      metadata: { for: 'Jenny' },
      file: { id: file.id },
    });
    const { url = '' } = link;
    expect((await bytesOf(await get(url ?? '', null))).equals(pdf)).toBe(true);
    expect((await get(`${url}x`, null)).status).toBe(404);
    expect((await get(`${server.url}/links/${link.id}`, null)).status).toBe(404);

    await advanceClock(stripe, platform.test_clock ?? '', monday + 3600);
    expect((await stripe.fileLinks.retrieve(link.id)).expired).toBe(true);
    expect((await get(url ?? '', null)).status).toBe(404);
    await expect(stripe.fileLinks.update(link.id, { expires_at: '' })).rejects.toMatchObject({ param: 'expires_at' });
  });

  test('may be made with the file, changed, and ended at once', async () => {
    const file = await upload(pdf, { file_link_data: { create: true } });
    const { data } = await stripe.fileLinks.list({ file: file.id });
    const [link] = data;
    if (!link) throw new Error('no link was made');
    const later = monday + 10_000;
    expect(await stripe.fileLinks.update(link.id, { expires_at: later })).toMatchObject({ expires_at: later });
    expect(await stripe.fileLinks.update(link.id, { expires_at: '' })).toMatchObject({
      expires_at: null,
      expired: false,
    });
    expect(await stripe.fileLinks.update(link.id, { expires_at: 'now' })).toMatchObject({ expired: true });
    expect((await get(link.url ?? '', null)).status).toBe(404);
    expect((await stripe.fileLinks.list({ file: file.id, expired: false })).data).toEqual([]);
    await expect(stripe.fileLinks.list({ file: 'file_unknown' })).rejects.toMatchObject({ param: 'file' });
  });

  test('is refused for a file that needs a key, that is not there, or a time that is over', async () => {
    const secret = await upload(pdf, { purpose: 'identity_document' });
    await expect(stripe.fileLinks.create({ file: secret.id })).rejects.toMatchObject({ param: 'file' });
    await expect(stripe.fileLinks.create({ file: 'file_unknown' })).rejects.toMatchObject({ code: 'resource_missing' });
    const file = await upload(pdf);
    await expect(stripe.fileLinks.create({ file: file.id, expires_at: monday })).rejects.toMatchObject({
      param: 'expires_at',
    });
  });
});

describe('evidence', () => {
  test('has files that were uploaded for it', async () => {
    const { latest_charge } = await stripe.paymentIntents.create({
      amount: 10_000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
    });
    const { id } = await admin<Stripe.Dispute>(server, platform.secret_key, 'POST', '/evenkeel/v1/disputes', {
      charge: String(latest_charge),
    });
    const icon = await upload(Buffer.from('GIF89a'), { purpose: 'business_icon' });
    await expect(stripe.disputes.update(id, { evidence: { receipt: icon.id } })).rejects.toMatchObject({
      param: 'evidence[receipt]',
    });
    const receipt = await upload(pdf);
    const answered = await stripe.disputes.update(id, {
      evidence: { receipt: receipt.id },
      submit: false,
      expand: ['evidence.receipt'],
    });
    expect(answered.evidence.receipt).toMatchObject({ id: receipt.id, size: pdf.length });
  });
});
