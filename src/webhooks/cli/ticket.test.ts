import { describe, expect, test } from 'vitest';
import { cliSecret, readTicket, type Ticket, ticketId } from './ticket.ts';

const ticket: Ticket = {
  book: 7,
  feature: 'request_logs',
  until: 1_772_445_600,
  since: 41,
  filters: '{"filter_http_method":["POST"]}',
  salt: 'x',
};
const secret = 'ab'.repeat(32);

describe('a ticket', () => {
  test('is read back as it was written, and known as ours', () => {
    const read = readTicket(ticketId(ticket, secret));
    expect(read?.ticket).toEqual(ticket);
    expect(read?.isGenuine(secret)).toBe(true);
  });

  test('of another book is not', () => {
    expect(readTicket(ticketId(ticket, secret))?.isGenuine('cd'.repeat(32))).toBe(false);
  });

  const sealed = `.${'A'.repeat(43)}`;
  const coded = (told: unknown) => `cliws_${Buffer.from(JSON.stringify(told)).toString('base64url')}${sealed}`;
  test.each([
    '',
    'cliws_',
    `cliws_abc`,
    `cliws_*${sealed}`,
    `cliws_abc${sealed}`,
    coded(null),
    coded({}),
    coded([]),
    coded([7, 2, 1, 1, '', '']),
    coded(['7', 1, 1, 1, '', '']),
    coded([7, 1, 1.5, 1, '', '']),
  ])('%s is none', (id) => {
    expect(readTicket(id)).toBeNull();
  });
});

test('the secret of signatures is of the book alone, and is not what seals tickets', () => {
  expect(cliSecret(secret)).toMatch(/^whsec_[\da-f]{64}$/);
  expect(cliSecret(secret)).toBe(cliSecret(secret));
  expect(cliSecret(secret)).not.toBe(cliSecret('cd'.repeat(32)));
});
