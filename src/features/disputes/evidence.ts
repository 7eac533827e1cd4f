import type { Metadata } from '../../api/params.ts';
import { type EvidenceFile, type EvidenceKey, evidenceFiles, evidenceLengthMax } from '../../data/dispute-evidence.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type FileObject, files } from '../files/object.ts';
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

/** The files that evidence names, of those that the acting account has. */
export type FilesFound = { readonly [key in EvidenceFile]?: Pick<FileObject, 'purpose'> };

export function filesOf(change: EvidenceChange | undefined, find: (id: string) => FileObject | undefined): FilesFound {
  const named = evidenceFiles.flatMap((key) => (change?.[key] ? [[key, find(change[key])] as const] : []));
  return Object.fromEntries(named.filter(([, file]) => file !== undefined));
}

function refuseFile(key: EvidenceFile, id: string, found: FilesFound): Refusal | null {
  const param = `evidence[${key}]`;
  const file = found[key];
  if (file === undefined) return refuse('no_such', { object: files.noun, id, param });
  if (file.purpose === 'dispute_evidence') return null;
  return refuse('invalid_value', {
    param,
    reason: `the purpose of the file must be dispute_evidence, not ${file.purpose}`,
  });
}

/** A file that is not there or not meant for this, and texts that are too long together. */
export function refuseEvidence(change: EvidenceChange, merged: Evidence, found: FilesFound = {}): Refusal | null {
  for (const key of evidenceFiles) {
    const id = change[key];
    const refusal = id ? refuseFile(key, id, found) : null;
    if (refusal) return refusal;
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
