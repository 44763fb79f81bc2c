import type { FunctionTag } from '../../resources/function-tag.ts';
import type { Taken } from './types.ts';

/** What a loop knows of its own state: where nobody can write who may write objects, such as the state itself. */
export interface Kept {
  readonly taken: Taken;
  /** Digests (`stateDigest`) of what this loop wrote: of the last state, and of the one before, should it have ended in between. */
  readonly states: readonly string[];
}

export interface Floor {
  read(): Promise<Kept>;
  write(kept: Kept): Promise<void>;
}

const NONE = '-';

/** In one tag: `GENERATION COMMIT`, `-` for what there is not, and the digests. */
export function floorIn(tag: FunctionTag): Floor {
  return {
    async read() {
      const [generation = '', commit = '', ...states] = (await tag.read())?.split(' ') ?? [];
      return {
        taken: {
          ...(/^\d+$/.test(generation) && { generation: Number(generation) }),
          ...(/^[0-9a-f]{40,64}$/.test(commit) && { commit }),
        },
        states: states.filter((digest) => digest !== NONE),
      };
    },
    async write({ taken: { generation, commit }, states }) {
      await tag.write([generation ?? NONE, commit ?? NONE, ...states].join(' '));
    },
  };
}
