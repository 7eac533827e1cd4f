import { mergeMetadata } from '../../api/params.ts';
import { mergeDetails, withoutSecrets } from '../accounts/details.ts';
import type { Details } from '../accounts/object.ts';
import type { PersonChange } from '../accounts/params.ts';

/** What is known of a person after a change; documents that support it are of no consequence. */
export function changedDetails(before: Details | undefined, change: PersonChange): Details {
  const { documents: _documents, metadata, additional_tos_acceptances: _terms, person_token: _token, ...rest } = change;
  const sent = Object.fromEntries(Object.entries(rest).filter(([name]) => name !== 'account' && name !== 'person'));
  return {
    ...mergeDetails(before, withoutSecrets(sent)),
    metadata: mergeMetadata(before?.metadata as Readonly<Record<string, string>> | undefined, metadata),
  };
}
