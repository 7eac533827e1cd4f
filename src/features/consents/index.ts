import { feature } from '../../api/feature.ts';
import { form, id, optional, text, timestamp } from '../../api/params.ts';
import { admin } from '../../api/route.ts';
import { recordConsent } from './record.ts';
import { consentView } from './view.ts';

export const consents = feature({
  name: 'consents',
  resource: null,
  routes: [
    admin('POST', '/evenkeel/v1/consents', {
      tier: 1,
      asAccount: true,
      summary: 'Records that a connected account agreed to account debits (R76).',
      params: form({ account: id(), date: timestamp(), ip: optional(text({ max: 100 })), text: optional(text()) }),
      command: recordConsent,
      view: consentView,
    }),
  ],
});
