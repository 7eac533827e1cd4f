import type { Extent } from './run.ts';

/** What runs, and how far. */
export const now: Readonly<Record<string, Extent>> = {
  E1: {},
  E2: {},
  E3: {},
  E4: {},
  E5: {},
  E13: {},
  E6: {},
  E7: {},
  E8: {},
  E9: {},
  E10: {},
  E11: {},
  E33: {},
  E34: {},
  E42: {},
  E18: {},
  E20: { upToStep: 1, ignoreReserveRows: true },
  E21: {},
  E22: { upToStep: 2, ignoreReserveRows: true },
  E24: {},
  E27: {},
  E41: {},
  E26: {},
  E28: {},
  E32: {},
  E35: {},
  E36: {},
  E37: {},
};

/** What needs refunds, disputes, payouts, reserves, bank debits or collection. */
export const later: readonly string[] = [
  ...['E12', 'E14', 'E15', 'E16', 'E17', 'E19'],
  ...['E23', 'E25', 'E29', 'E30', 'E31', 'E35'],
  ...['E38', 'E39', 'E40'],
];
