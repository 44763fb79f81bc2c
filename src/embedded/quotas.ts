import { EmbeddedError } from './errors.ts';
import { table } from './store/database.ts';
import type { Transaction } from './store/database.ts';

/** Quotas that AWS raises on request. */
export interface Quotas {
  /** Record sets in one hosted zone, default 10,000. */
  readonly recordSetsPerZone?: number;
  /** Hosted zones of the account, default 500. */
  readonly hostedZones?: number;
  /** IAM roles of the account, default 1,000. */
  readonly roles?: number;
  /** EventBridge rules of a region's default bus, default 300. */
  readonly rules?: number;
}

/** The "Quotas" pages of Route 53's, IAM's and EventBridge's guides. */
const DEFAULTS: Required<Quotas> = { recordSetsPerZone: 10_000, hostedZones: 500, roles: 1000, rules: 300 };

const quotas = table<Quotas>('quotas');

/** @throws EmbeddedError TU4015 for anything but whole numbers from 0. */
export function changeQuotas(data: Transaction, account: string, wanted: Quotas): void {
  for (const [name, value] of Object.entries(wanted)) {
    if (!Object.hasOwn(DEFAULTS, name) || !Number.isSafeInteger(value) || value < 0) {
      throw new EmbeddedError(
        'TU4015',
        `The quota ${name} cannot be ${String(value)}.`,
        `Quotas are ${Object.keys(DEFAULTS).join(', ')}, whole numbers from 0.`,
      );
    }
  }
  data.put(quotas, account, { ...data.get(quotas, account), ...wanted });
}

export function quotasOf(data: Transaction, account: string): Required<Quotas> {
  return { ...DEFAULTS, ...data.get(quotas, account) };
}
