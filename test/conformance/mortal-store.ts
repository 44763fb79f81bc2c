import type { Entry, Store } from '../../src/embedded/store/store.ts';

class Killed extends Error {
  override readonly name = 'Killed';

  constructor() {
    super('this process is dead');
  }
}

/**
 * A store as a process sees it that dies right after its write number `writes`, or before its first call: the answer to
 * that write does not reach it, and no call of it does anything any more. What moves in the account by itself goes on.
 */
export function mortalStore(store: Store, writes: number): Store {
  let left = writes;

  function checkLife(): void {
    if (left === 0) throw new Killed();
  }

  return {
    ...store,
    commit(work) {
      let isWrite = false;
      const result = store.commit((state) => {
        const [entry, outcome] = work(state);
        if (entry.events.length > 0) checkLife();
        isWrite = wroteSomething(entry);
        return [entry, outcome];
      });
      if (isWrite) {
        left -= 1;
        checkLife();
      }
      return result;
    },
    note(events) {
      checkLife();
      store.note(events);
    },
  };
}

function wroteSomething({ events }: Entry): boolean {
  return events.some(({ readOnly, errorCode }) => !readOnly && errorCode === undefined);
}
