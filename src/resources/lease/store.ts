import type { LeaseStore } from '../../engine/lease.ts';
import type { Cell } from '../cell/types.ts';
import { parseLeaseRecord } from './record.ts';

/** Key of the object that holds the lease. */
export function leaseKey(owner: string): string {
  return `trueup/${owner}/lease.json`;
}

/** Row of the table that holds it. */
export function leaseRow(owner: string): string {
  return `trueup/${owner}/lease`;
}

/** The lease as it lies in a cell. */
export function leaseIn(cell: Cell): LeaseStore {
  return {
    async read() {
      const stored = await cell.read();
      return stored && { record: parseLeaseRecord(stored.text), version: stored.version };
    },
    create: (record) => cell.create(JSON.stringify(record)),
    replace: (record, version) => cell.replace(JSON.stringify(record), version),
  };
}
