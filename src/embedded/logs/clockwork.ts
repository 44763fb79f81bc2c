import type { Clockwork } from '../service.ts';
import { firstNotBefore } from '../store/database.ts';
import { eventKeyFrom, expiry, groups, logEvents } from './model.ts';

/** Nothing falls due; as the clock moves on, what has passed a group's retention is dropped. */
export const clockwork: Clockwork = {
  due: () => undefined,
  strike: () => [],
  settle(now, data) {
    for (const [key, group] of data.entries(groups)) {
      const oldest = expiry(group, now);
      if (oldest <= 0) continue;
      const table = logEvents(key);
      const keys = data.keys(table);
      for (const event of keys.slice(0, firstNotBefore(keys, eventKeyFrom(oldest)))) data.delete(table, event);
    }
  },
};
