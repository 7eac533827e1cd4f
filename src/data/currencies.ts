/**
 * Every currency a request may name, in the order in which the error message lists them.
 *
 * decimals       digits after the point: 1 whole unit is 10 ** decimals of the smallest unit, in which amounts are given
 * step           amounts are multiples of this
 * payoutStep     payouts are multiples of this; where absent, as `step`
 * symbol         how messages write it; where the currency has no sign of its own, its code and a blank
 * minimumCharge  the smallest card charge, smallest unit (R32); where absent, `step`
 *
 * Source: ISO 4217 list one; Stripe's published lists of zero- and three-decimal currencies and of minimum charges, and the
 * list in its message about an invalid currency; symbols: Unicode CLDR, narrow form, English. Checked 2026-11-22.
 * Surprise: isk and ugx have no cents, yet amounts are written with two decimals that must be 00; huf and twd have cents
 * in charges but not in payouts; three-decimal amounts end in 0. Retired currencies and usdc stand at the end because
 * Stripe's message still names them.
 */
const table = {
  usd: { decimals: 2, step: 1, symbol: '$', minimumCharge: 50 },
  aed: { decimals: 2, step: 1, symbol: 'AED ', minimumCharge: 200 },
  afn: { decimals: 2, step: 1, symbol: '؋' },
  all: { decimals: 2, step: 1, symbol: 'ALL ' },
  amd: { decimals: 2, step: 1, symbol: '֏' },
  ang: { decimals: 2, step: 1, symbol: 'ANG ' },
  aoa: { decimals: 2, step: 1, symbol: 'Kz' },
  ars: { decimals: 2, step: 1, symbol: '$' },
  aud: { decimals: 2, step: 1, symbol: '$', minimumCharge: 50 },
  awg: { decimals: 2, step: 1, symbol: 'AWG ' },
  azn: { decimals: 2, step: 1, symbol: '₼' },
  bam: { decimals: 2, step: 1, symbol: 'KM' },
  bbd: { decimals: 2, step: 1, symbol: '$' },
  bdt: { decimals: 2, step: 1, symbol: '৳' },
  bgn: { decimals: 2, step: 1, symbol: 'BGN ', minimumCharge: 100 },
  bhd: { decimals: 3, step: 10, symbol: 'BHD ' },
  bif: { decimals: 0, step: 1, symbol: 'BIF ' },
  bmd: { decimals: 2, step: 1, symbol: '$' },
  bnd: { decimals: 2, step: 1, symbol: '$' },
  bob: { decimals: 2, step: 1, symbol: 'Bs' },
  brl: { decimals: 2, step: 1, symbol: 'R$', minimumCharge: 50 },
  bsd: { decimals: 2, step: 1, symbol: '$' },
  bwp: { decimals: 2, step: 1, symbol: 'P' },
  byn: { decimals: 2, step: 1, symbol: 'BYN ' },
  bzd: { decimals: 2, step: 1, symbol: '$' },
  cad: { decimals: 2, step: 1, symbol: '$', minimumCharge: 50 },
  cdf: { decimals: 2, step: 1, symbol: 'CDF ' },
  chf: { decimals: 2, step: 1, symbol: 'CHF ', minimumCharge: 50 },
  clp: { decimals: 0, step: 1, symbol: '$' },
  cny: { decimals: 2, step: 1, symbol: '¥' },
  cop: { decimals: 2, step: 1, symbol: '$' },
  crc: { decimals: 2, step: 1, symbol: '₡' },
  cve: { decimals: 2, step: 1, symbol: 'CVE ' },
  czk: { decimals: 2, step: 1, symbol: 'Kč', minimumCharge: 1500 },
  djf: { decimals: 0, step: 1, symbol: 'DJF ' },
  dkk: { decimals: 2, step: 1, symbol: 'kr', minimumCharge: 250 },
  dop: { decimals: 2, step: 1, symbol: '$' },
  dzd: { decimals: 2, step: 1, symbol: 'DZD ' },
  egp: { decimals: 2, step: 1, symbol: 'E£' },
  etb: { decimals: 2, step: 1, symbol: 'ETB ' },
  eur: { decimals: 2, step: 1, symbol: '€', minimumCharge: 50 },
  fjd: { decimals: 2, step: 1, symbol: '$' },
  fkp: { decimals: 2, step: 1, symbol: '£' },
  gbp: { decimals: 2, step: 1, symbol: '£', minimumCharge: 30 },
  gel: { decimals: 2, step: 1, symbol: '₾' },
  gip: { decimals: 2, step: 1, symbol: '£' },
  gmd: { decimals: 2, step: 1, symbol: 'GMD ' },
  gnf: { decimals: 0, step: 1, symbol: 'FG' },
  gtq: { decimals: 2, step: 1, symbol: 'Q' },
  gyd: { decimals: 2, step: 1, symbol: '$' },
  hkd: { decimals: 2, step: 1, symbol: '$', minimumCharge: 400 },
  hnl: { decimals: 2, step: 1, symbol: 'L' },
  hrk: { decimals: 2, step: 1, symbol: 'kn' },
  htg: { decimals: 2, step: 1, symbol: 'HTG ' },
  huf: { decimals: 2, step: 1, symbol: 'Ft', payoutStep: 100, minimumCharge: 17500 },
  idr: { decimals: 2, step: 1, symbol: 'Rp' },
  ils: { decimals: 2, step: 1, symbol: '₪' },
  inr: { decimals: 2, step: 1, symbol: '₹', minimumCharge: 50 },
  isk: { decimals: 2, step: 100, symbol: 'kr' },
  jmd: { decimals: 2, step: 1, symbol: '$' },
  jod: { decimals: 3, step: 10, symbol: 'JOD ' },
  jpy: { decimals: 0, step: 1, symbol: '¥', minimumCharge: 50 },
  kes: { decimals: 2, step: 1, symbol: 'KES ' },
  kgs: { decimals: 2, step: 1, symbol: '⃀' },
  khr: { decimals: 2, step: 1, symbol: '៛' },
  kmf: { decimals: 0, step: 1, symbol: 'CF' },
  krw: { decimals: 0, step: 1, symbol: '₩' },
  kwd: { decimals: 3, step: 10, symbol: 'KWD ' },
  kyd: { decimals: 2, step: 1, symbol: '$' },
  kzt: { decimals: 2, step: 1, symbol: '₸' },
  lak: { decimals: 2, step: 1, symbol: '₭' },
  lbp: { decimals: 2, step: 1, symbol: 'L£' },
  lkr: { decimals: 2, step: 1, symbol: 'Rs' },
  lrd: { decimals: 2, step: 1, symbol: '$' },
  lsl: { decimals: 2, step: 1, symbol: 'LSL ' },
  mad: { decimals: 2, step: 1, symbol: 'MAD ' },
  mdl: { decimals: 2, step: 1, symbol: 'MDL ' },
  mga: { decimals: 0, step: 1, symbol: 'Ar' },
  mkd: { decimals: 2, step: 1, symbol: 'MKD ' },
  mmk: { decimals: 2, step: 1, symbol: 'K' },
  mnt: { decimals: 2, step: 1, symbol: '₮' },
  mop: { decimals: 2, step: 1, symbol: 'MOP ' },
  mur: { decimals: 2, step: 1, symbol: 'Rs' },
  mvr: { decimals: 2, step: 1, symbol: 'MVR ' },
  mwk: { decimals: 2, step: 1, symbol: 'MWK ' },
  mxn: { decimals: 2, step: 1, symbol: '$', minimumCharge: 1000 },
  myr: { decimals: 2, step: 1, symbol: 'RM', minimumCharge: 200 },
  mzn: { decimals: 2, step: 1, symbol: 'MZN ' },
  nad: { decimals: 2, step: 1, symbol: '$' },
  ngn: { decimals: 2, step: 1, symbol: '₦' },
  nio: { decimals: 2, step: 1, symbol: 'C$' },
  nok: { decimals: 2, step: 1, symbol: 'kr', minimumCharge: 300 },
  npr: { decimals: 2, step: 1, symbol: 'Rs' },
  nzd: { decimals: 2, step: 1, symbol: '$', minimumCharge: 50 },
  omr: { decimals: 3, step: 10, symbol: 'OMR ' },
  pab: { decimals: 2, step: 1, symbol: 'PAB ' },
  pen: { decimals: 2, step: 1, symbol: 'PEN ' },
  pgk: { decimals: 2, step: 1, symbol: 'PGK ' },
  php: { decimals: 2, step: 1, symbol: '₱' },
  pkr: { decimals: 2, step: 1, symbol: 'Rs' },
  pln: { decimals: 2, step: 1, symbol: 'zł', minimumCharge: 200 },
  pyg: { decimals: 0, step: 1, symbol: '₲' },
  qar: { decimals: 2, step: 1, symbol: 'QAR ' },
  ron: { decimals: 2, step: 1, symbol: 'RON ', minimumCharge: 200 },
  rsd: { decimals: 2, step: 1, symbol: 'RSD ' },
  rub: { decimals: 2, step: 1, symbol: '₽' },
  rwf: { decimals: 0, step: 1, symbol: 'RF' },
  sar: { decimals: 2, step: 1, symbol: 'SAR ' },
  sbd: { decimals: 2, step: 1, symbol: '$' },
  scr: { decimals: 2, step: 1, symbol: 'SCR ' },
  sek: { decimals: 2, step: 1, symbol: 'kr', minimumCharge: 300 },
  sgd: { decimals: 2, step: 1, symbol: '$', minimumCharge: 50 },
  shp: { decimals: 2, step: 1, symbol: '£' },
  sle: { decimals: 2, step: 1, symbol: 'SLE ' },
  sos: { decimals: 2, step: 1, symbol: 'SOS ' },
  srd: { decimals: 2, step: 1, symbol: '$' },
  std: { decimals: 2, step: 1, symbol: 'STD ' },
  szl: { decimals: 2, step: 1, symbol: 'SZL ' },
  thb: { decimals: 2, step: 1, symbol: '฿', minimumCharge: 1000 },
  tjs: { decimals: 2, step: 1, symbol: 'TJS ' },
  tnd: { decimals: 3, step: 10, symbol: 'TND ' },
  top: { decimals: 2, step: 1, symbol: 'T$' },
  try: { decimals: 2, step: 1, symbol: '₺' },
  ttd: { decimals: 2, step: 1, symbol: '$' },
  twd: { decimals: 2, step: 1, symbol: '$', payoutStep: 100 },
  tzs: { decimals: 2, step: 1, symbol: 'TZS ' },
  uah: { decimals: 2, step: 1, symbol: '₴' },
  ugx: { decimals: 2, step: 100, symbol: 'UGX ' },
  uyu: { decimals: 2, step: 1, symbol: '$' },
  uzs: { decimals: 2, step: 1, symbol: 'UZS ' },
  vnd: { decimals: 0, step: 1, symbol: '₫' },
  vuv: { decimals: 0, step: 1, symbol: 'VUV ' },
  wst: { decimals: 2, step: 1, symbol: 'WST ' },
  xaf: { decimals: 0, step: 1, symbol: 'XAF ' },
  xcd: { decimals: 2, step: 1, symbol: '$' },
  xcg: { decimals: 2, step: 1, symbol: 'Cg.' },
  xof: { decimals: 0, step: 1, symbol: 'XOF ' },
  xpf: { decimals: 0, step: 1, symbol: 'XPF ' },
  yer: { decimals: 2, step: 1, symbol: 'YER ' },
  zar: { decimals: 2, step: 1, symbol: 'R' },
  zmw: { decimals: 2, step: 1, symbol: 'ZK' },
  usdc: { decimals: 2, step: 1, symbol: 'USDC ' },
  btn: { decimals: 2, step: 1, symbol: 'BTN ' },
  ghs: { decimals: 2, step: 1, symbol: 'GH₵' },
  eek: { decimals: 2, step: 1, symbol: 'EEK ' },
  lvl: { decimals: 2, step: 1, symbol: 'Ls' },
  svc: { decimals: 2, step: 1, symbol: 'SVC ' },
  vef: { decimals: 2, step: 1, symbol: 'Bs' },
  ltl: { decimals: 2, step: 1, symbol: 'Lt' },
  sll: { decimals: 2, step: 1, symbol: 'SLL ' },
  mro: { decimals: 2, step: 1, symbol: 'MRO ' },
} as const satisfies Record<string, CurrencyRow>;

export interface CurrencyRow {
  readonly decimals: 0 | 2 | 3;
  readonly step: 1 | 10 | 100;
  readonly symbol: string;
  readonly payoutStep?: number;
  readonly minimumCharge?: number;
}

export type Currency = keyof typeof table;

export const currencies: Readonly<Record<Currency, CurrencyRow>> = table;

/** In the order of the error message. */
export const currencyCodes = Object.keys(table) as readonly Currency[];

/** Lower case only: whether 'USD' may be sent is for whoever parses the request. */
export const isCurrency = (code: string): code is Currency => Object.hasOwn(table, code);

/** The smallest card charge in the currency's smallest unit. */
export const minimumCharge = (currency: Currency): number =>
  currencies[currency].minimumCharge ?? currencies[currency].step;

/** Payouts in this currency are multiples of it. */
export const payoutStep = (currency: Currency): number => currencies[currency].payoutStep ?? currencies[currency].step;
