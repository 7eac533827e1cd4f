import { expect, test } from 'vitest';
import { Refused } from '../../api/errors.ts';
import { createForm, updateForm } from './params.ts';

/** What is said against a URL, or null. */
function refusalOf(url: string, allowPrivate: boolean): unknown {
  const answers = [
    () => createForm(allowPrivate).parse({ url, enabled_events: ['*'] }),
    () => updateForm(allowPrivate).parse({ url }),
  ].map((parse) => {
    try {
      parse();
      return null;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { code, param, message } = error.refusal.error;
      return { code, param, message };
    }
  });
  expect(answers[0]).toEqual(answers[1]);
  return answers[0];
}

const refused = (reason: string) => ({ code: 'url_invalid', param: 'url', message: `Invalid URL: ${reason}.` });
const never = (address: string) => refused(`${address} is an address that webhooks never go to`);
const inside = (address: string) => refused(`${address} is a private address, which this server does not allow`);

test.each([
  ['http://169.254.169.254/', never('169.254.169.254'), never('169.254.169.254')],
  ['http://2852039166/latest', never('169.254.169.254'), never('169.254.169.254')],
  ['https://[fe80::1]/', never('fe80::1'), never('fe80::1')],
  ['http://127.0.0.1:4242/hook', inside('127.0.0.1'), null],
  ['http://[::1]/', inside('::1'), null],
  ['https://10.1.2.3/', inside('10.1.2.3'), null],
  ['https://8.8.8.8/hook', null, null],
  ['https://shop.example/hook', null, null],
] as const)('%s: the host of an endpoint, where it is an address', (url, publicOnly, withPrivate) => {
  expect(refusalOf(url, false)).toEqual(publicOnly);
  expect(refusalOf(url, true)).toEqual(withPrivate);
});
