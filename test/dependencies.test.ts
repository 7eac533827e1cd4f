/** What is installed with the program: little, always the same, and nothing that is known to be broken. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
}

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const packages = Object.entries(lock.packages).filter(([where]) => where !== '');
const run = packages.filter(([, { dev, optional }]) => !dev && !optional);

const { auditVerdict } = (await import(new URL('../scripts/steps.js', import.meta.url).href)) as {
  auditVerdict(text: string): { readonly found?: string[]; readonly unknown?: string };
};

test('every package is locked to its bytes', () => {
  for (const [where, { resolved, integrity, inBundle }] of packages) {
    // Its bytes are those of the package it comes in.
    if (inBundle) continue;
    if (resolved !== undefined) expect(resolved, where).toMatch(/^https:\/\/registry\.npmjs\.org\//);
    expect(integrity, where).toMatch(/^sha512-/);
  }
});

/** Those of today. Whoever brings another one takes one out, or has a reason. */
const budget = 68;

test('the program brings few packages, and none of them runs anything when it is installed', () => {
  expect(run.length).toBeLessThanOrEqual(budget);
  expect(run.filter(([, { hasInstallScript }]) => hasInstallScript).map(([where]) => where)).toEqual([]);
});

test('an advisory stops the tests, and a registry that does not answer is said', () => {
  const vulnerabilities = {
    a: { name: 'a', severity: 'high', range: '<2' },
    b: { name: 'b', severity: 'low', range: '*' },
  };
  const metadata = { vulnerabilities: { high: 1, low: 1 } };
  expect(auditVerdict(JSON.stringify({ vulnerabilities, metadata }))).toEqual({ found: ['a <2 (high)'] });
  expect(auditVerdict(JSON.stringify({ vulnerabilities: {}, metadata }))).toEqual({ found: [] });
  expect(auditVerdict(JSON.stringify({ message: '405 Method Not Allowed' }))).toEqual({
    unknown: '405 Method Not Allowed',
  });
  for (const text of ['', 'npm error']) expect(auditVerdict(text)).toEqual({ unknown: 'npm audit gave no answer' });
});
