import type { FunctionTag } from '../../resources/function-tag.ts';
import type { Taken } from './types.ts';

/** Tag of the loop's function: what it took last, `GENERATION COMMIT`, `-` for what its source does not tell. */
export const TAKEN_TAG = 'trueup:taken';

/** What was taken last, kept where nobody can write who may write objects: the state alone could be put back with a bundle. */
export interface Floor {
  read(): Promise<Taken>;
  write(taken: Taken): Promise<void>;
}

export function floorIn(tag: FunctionTag): Floor {
  return {
    async read() {
      const [generation = '', commit = ''] = (await tag.read())?.split(' ') ?? [];
      return {
        ...(/^\d+$/.test(generation) && { generation: Number(generation) }),
        ...(/^[0-9a-f]{40,64}$/.test(commit) && { commit }),
      };
    },
    async write({ generation, commit }) {
      await tag.write(`${generation ?? '-'} ${commit ?? '-'}`);
    },
  };
}
