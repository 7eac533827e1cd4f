import type { Metadata } from '../../api/params.ts';
import { type EvidenceFile, type EvidenceKey, evidenceFiles, evidenceLengthMax } from '../../data/dispute-evidence.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Evidence } from './object.ts';

/** What a client sends: '' takes a key away. */
export type EvidenceChange = { readonly [key in EvidenceKey]?: string };

export interface Answer {
  readonly evidence?: EvidenceChange;
  readonly intended_submission_method?: string;
  readonly metadata?: Metadata | null;
  readonly submit?: boolean;
}

export function mergeEvidence(old: Evidence | undefined, change: EvidenceChange | undefined): Evidence {
  return Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value !== ''));
}

/** A file that is not there, and texts that are too long together. */
export function refuseEvidence(change: EvidenceChange, merged: Evidence): Refusal | null {
  const file = evidenceFiles.find((key: EvidenceFile) => change[key]);
  if (file !== undefined) {
    return refuse('no_such', { object: 'file upload', id: change[file] ?? '', param: `evidence[${file}]` });
  }
  const length = Object.values(merged).reduce((sum, text) => sum + text.length, 0);
  if (length <= evidenceLengthMax) return null;
  return refuse('invalid_value', {
    param: 'evidence',
    reason: `must have at most ${evidenceLengthMax} characters altogether`,
  });
}

/** Texts by which a test says what the bank decides (R173). */
const verdicts = {
  winning_evidence: 'win',
  losing_evidence: 'lose',
  escalate_inquiry_evidence: 'escalate',
} as const satisfies Record<string, string>;

export type Verdict = (typeof verdicts)[keyof typeof verdicts];

/** @returns undefined for evidence that somebody would have to read, which is all there is in live mode */
export function verdictOf(
  { uncategorized_text: text }: Evidence,
  { livemode }: { readonly livemode: boolean },
): Verdict | undefined {
  const known: Readonly<Record<string, Verdict>> = verdicts;
  return livemode || text === undefined || !Object.hasOwn(known, text) ? undefined : known[text];
}
