import { digestOf } from '../engine/digest.ts';
import type { Plan } from '../engine/types.ts';
import { createRedactor, pseudonym } from './redact-text.ts';
import type { Accounts, Redactor } from './redact-text.ts';

/** Fields that hold people, whatever they look like. */
const PEOPLE: ReadonlySet<string> = new Set(['actor', 'sourceIdentity', 'sessionName', 'userName']);
/** A service of AWS is nobody. */
const SERVICE = /^[a-z0-9-]+\.amazonaws\.com$/u;
/** Numbers of twelve digits. */
const FIRST_ACCOUNT = 100_000_000_000;
const LAST_ACCOUNT = 999_999_999_999;

/**
 * A plan that anybody may read, with a digest of its own: what a public repository's comment, artefact and seal are made
 * of. Two plans with the same accounts and salt compare as they did before. Hashes stay, and so do the lines that allow
 * a guard: they name the digest that the plan had, which is what overrides are compared with.
 */
export function redactPlan(plan: Plan, accounts: Accounts, salt: string): Plan {
  const redacted = redactData(plan, accounts, salt);
  return { ...redacted, digest: digestOf(redacted) };
}

/** Every string of some data, names of fields too, and numbers that are accounts. */
export function redactData<Data>(data: Data, accounts: Accounts, salt: string): Data {
  const redact = createRedactor(accounts, salt);
  return redactValue(data, redact, salt) as Data;
}

function redactValue(value: unknown, redact: Redactor, salt: string): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'number') return isAccount(value) ? redact(String(value)) : value;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, redact, salt));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]: [string, unknown]) => [
      redact(key),
      PEOPLE.has(key) && typeof field === 'string' ? person(field, salt) : redactValue(field, redact, salt),
    ]),
  );
}

function person(name: string, salt: string): string {
  return SERVICE.test(name) ? name : pseudonym('person', name, salt);
}

function isAccount(value: number): boolean {
  return Number.isInteger(value) && value >= FIRST_ACCOUNT && value <= LAST_ACCOUNT;
}
