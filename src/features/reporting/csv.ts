import { type Currency, currencies } from '../../data/currencies.ts';

/** One line: every value quoted, so that nobody has to guess where one ends. */
export const csvLine = (values: readonly string[]): string =>
  `${values.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\n`;

/** `-12.34`: an amount in whole units, with as many decimals as the currency has. */
export function major(amount: number, currency: Currency): string {
  const { decimals } = currencies[currency];
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${amount < 0 ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`;
}
