import { createHmac, timingSafeEqual } from 'node:crypto';
import type { UnixSeconds } from '../../kernel/time.ts';

export const cliFeatures = ['webhooks', 'request_logs'] as const;
export type CliFeature = (typeof cliFeatures)[number];

/**
 * What a command line was let in for. It travels in the session's id, signed: no server keeps sessions, so that the command
 * line comes back with the same id to whichever process answers, also after a restart.
 */
export interface Ticket {
  readonly book: number;
  readonly feature: CliFeature;
  /** Nobody gets in with it after this; unix seconds. */
  readonly until: UnixSeconds;
  /** Events of later operations are told. */
  readonly since: number;
  /** As the command line sent them: see filters.ts. */
  readonly filters: string;
  /** Tells apart sessions that began alike. */
  readonly salt: string;
}

const form = /^cliws_([\w-]{1,6000})\.([\w-]{43})$/;

/** 32 bytes that only who knows the book's secret can calculate. */
const keyed = (bookSecret: string, text: string): Buffer => createHmac('sha256', bookSecret).update(text).digest();

/** @param bookSecret see `Book` */
export function ticketId(ticket: Ticket, bookSecret: string): string {
  const { book, feature, until, since, filters, salt } = ticket;
  const told = JSON.stringify([book, cliFeatures.indexOf(feature), until, since, filters, salt]);
  const text = Buffer.from(told).toString('base64url');
  return `cliws_${text}.${keyed(bookSecret, `session ${text}`).toString('base64url')}`;
}

/** A ticket that says it is one. `isGenuine` tells whether it was written by us. */
export interface ReadTicket {
  readonly ticket: Ticket;
  isGenuine(bookSecret: string): boolean;
}

/** @returns null for what is no ticket */
export function readTicket(id: string): ReadTicket | null {
  const [, text, seal] = form.exec(id) ?? [];
  if (text === undefined || seal === undefined) return null;
  let told: unknown;
  try {
    told = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
  if (!Array.isArray(told)) return null;
  const [book, no, until, since, filters, salt] = told;
  const feature = cliFeatures[no];
  if (feature === undefined || ![book, until, since].every(Number.isSafeInteger)) return null;
  return {
    ticket: { book, feature, until, since, filters: String(filters), salt: String(salt) },
    isGenuine: (bookSecret) => timingSafeEqual(Buffer.from(seal, 'base64url'), keyed(bookSecret, `session ${text}`)),
  };
}

/** The key of the signatures of what a platform's command lines are sent: the same for all its sessions, for ever. */
export const cliSecret = (bookSecret: string): string => `whsec_${keyed(bookSecret, 'webhooks').toString('hex')}`;
