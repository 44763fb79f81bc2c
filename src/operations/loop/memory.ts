import type { Cell } from '../../resources/cell/types.ts';
import { parseState } from './state.ts';
import type { LoopState } from './state.ts';

/** Another invocation, or another configuration, is the one that counts now. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError';

  constructor(message = 'another run of this loop has written its state since') {
    super(message);
  }
}

/** The state of a loop, as this run knows it. */
export interface Memory {
  readonly state: LoopState;
  /**
   * Changes what is remembered; nothing is written where nothing changes.
   * @throws SupersededError
   */
  write(next: LoopState): Promise<void>;
}

export async function openMemory(cell: Cell): Promise<Memory> {
  const stored = await cell.read();
  let version = stored?.version;
  let text = stored?.text;
  let state = parseState(text);
  return {
    get state() {
      return state;
    },
    async write(next) {
      const fresh = JSON.stringify(next);
      if (fresh === text) return;
      const written = await (version === undefined ? cell.create(fresh) : cell.replace(fresh, version));
      if (written === undefined) throw new SupersededError();
      [version, text, state] = [written, fresh, next];
    },
  };
}
