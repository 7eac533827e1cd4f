import { envOf } from '../../src/api/auth.ts';
import type { Wire } from '../../src/api/view.ts';
import { capabilityWire } from '../../src/features/accounts/capability-wire.ts';
import { deletedExternalWire, externalWire } from '../../src/features/accounts/external-wire.ts';
import type { AccountObject } from '../../src/features/accounts/object.ts';
import { ownerOf } from '../../src/features/balance/owner.ts';
import { renderBalance } from '../../src/features/balance/wire.ts';
import { balanceSettingsWire } from '../../src/features/balance-settings/wire.ts';
import { consentView } from '../../src/features/consents/view.ts';
import { countrySpecWire } from '../../src/features/country-specs/wire.ts';
import type { SourceObject } from '../../src/features/customers/source.ts';
import { sourceWire } from '../../src/features/customers/source-wire.ts';
import { fxRatesView } from '../../src/features/fx-rates/view.ts';
import { payoutSettingsWire } from '../../src/features/payouts/settings-view.ts';
import { type ReportType, reportTypes } from '../../src/features/reporting/catalogue.ts';
import { reportTypeWire } from '../../src/features/reporting/view.ts';
import { billingSettingsView } from '../../src/features/subscriptions/view.ts';
import type { Tale } from './tale.ts';

/** What is shown and not stored: it is made of an account, or of a table. */
export function made(tale: Tale): readonly (readonly [name: string, wire: Wire])[] {
  const all = tale.accounts();
  const [platform, ...sellers] = all;
  const seller = sellers.find(({ external_accounts }) => external_accounts.length > 0);
  const agreed = sellers.find(({ consent }) => consent !== undefined);
  const own = { ...envOf(1, false), account: tale.platform };
  const of = ({ id }: AccountObject) => ({ ...own, account: id });
  const balances = platform && tale.balances(platform.id);
  const mode = { livemode: false, now: tale.now };
  return [
    ...(platform && balances && balances.size > 0
      ? [['balance', renderBalance(balances, ownerOf(platform, mode))] as const]
      : []),
    ...(platform
      ? ([
          ['fx_rates', fxRatesView.render(platform, own)],
          ['billing_settings', billingSettingsView.render(platform, own)],
        ] as const)
      : []),
    ...(seller
      ? ([
          ['balance_settings', balanceSettingsWire(seller)],
          ['capability', capabilityWire(seller, 'transfers')],
          ...seller.external_accounts.slice(0, 1).flatMap(
            (external) =>
              [
                ['external_account', externalWire(external, seller.id)],
                ['deleted_external_account', deletedExternalWire(external)],
              ] as const,
          ),
        ] as const)
      : []),
    ...(platform && seller ? [['payout_settings', payoutSettingsWire(seller, platform)] as const] : []),
    ...(agreed ? [['consent', consentView.render(agreed, of(agreed))] as const] : []),
    ...tale
      .objects()
      .filter(({ id }) => id.startsWith('card_'))
      .map((card) => ['card', sourceWire(card as SourceObject)] as const),
    ['country_spec', countrySpecWire('US')],
    ['reporting.report_type', reportTypeWire(reportTypes.get('balance.summary.1') as ReportType, own, tale.now)],
  ];
}
