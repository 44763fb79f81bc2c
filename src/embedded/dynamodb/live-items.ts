import type { Transaction } from '../store/database.ts';
import { itemsOf } from './model.ts';
import type { StoredTable } from './model.ts';
import { attribute } from './value.ts';
import type { Item } from './value.ts';

/** Developer guide, "Using time to live": what expired more than five years ago is kept. */
const OLDEST_MS = 5 * 365 * 24 * 3600_000;

/**
 * Has an item outlived the moment that its time-to-live attribute names, in seconds as a number? AWS removes it "typically
 * within a few days", here it is gone at that moment.
 */
export function isExpired({ timeToLive }: StoredTable, item: Item, now: number): boolean {
  if (timeToLive === undefined || !timeToLive.isEnabled) return false;
  const value = attribute(item, timeToLive.attribute);
  if (value === undefined || !('N' in value)) return false;
  const moment = Number(value.N) * 1000;
  return moment <= now && moment > now - OLDEST_MS;
}

/** The item of a row; undefined: there is none, or it has expired. */
export function findItem(table: StoredTable, row: string, data: Transaction, now: number): Item | undefined {
  const item = data.get(itemsOf(table), row);
  return item === undefined || isExpired(table, item, now) ? undefined : item;
}
