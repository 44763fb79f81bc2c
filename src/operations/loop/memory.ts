import { createHash } from 'node:crypto';
import type { Cell } from '../../resources/cell/types.ts';
import type { Floor, Kept } from './floor.ts';
import { EMPTY, parseState } from './state.ts';
import type { LoopState } from './state.ts';
import type { Taken } from './types.ts';

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
  /** What was there was not written by this loop: nothing of it is believed. */
  readonly forgot: boolean;
  /**
   * Changes what is remembered; nothing is written where nothing changes.
   * @throws SupersededError
   */
  write(next: LoopState): Promise<void>;
}

/**
 * @param floor where the loop knows its own state again; absent: nobody else can write it.
 * @throws AwsError TU3017
 */
export async function openMemory(cell: Cell, floor?: Floor): Promise<Memory> {
  const kept = await floor?.read();
  const stored = await cell.read();
  const found = parseState(stored?.text);
  const isOwn = !kept || knowsNothing(found) || kept.states.includes(stateDigest(found));
  let version = stored?.version;
  let text = isOwn ? stored?.text : undefined;
  let state = withTaken(isOwn ? found : EMPTY, kept?.taken);
  let digest = isOwn ? stateDigest(found) : undefined;
  return {
    get state() {
      return state;
    },
    forgot: !isOwn,
    async write(next) {
      const fresh = JSON.stringify(next);
      if (fresh === text) return;
      const known = stateDigest(next);
      // Before the state: where this is broken off in between, the one that is there is still known.
      if (known !== digest) await floor?.write(keptOf(next, [known, ...(digest === undefined ? [] : [digest])]));
      const written = await (version === undefined ? cell.create(fresh) : cell.replace(fresh, version));
      if (written === undefined) throw new SupersededError();
      [version, text, state, digest] = [written, fresh, next, known];
    },
  };
}

/** Then there is nothing in it that could be believed. */
function knowsNothing({ inLine, spent = [], calm, position }: LoopState): boolean {
  return Object.keys(inLine).length === 0 && spent.length === 0 && calm === undefined && position === undefined;
}

/** What lets less be taken: an older state may have been put back, or none be there. */
function withTaken(state: LoopState, { generation, commit }: Taken = {}): LoopState {
  const highest = Math.max(state.generation ?? -1, generation ?? -1);
  const last = commit ?? state.commit;
  return { ...state, ...(highest >= 0 && { generation: highest }), ...(last !== undefined && { commit: last }) };
}

function keptOf({ generation, commit }: LoopState, states: readonly string[]): Kept {
  return {
    taken: { ...(generation !== undefined && { generation }), ...(commit !== undefined && { commit }) },
    states,
  };
}

/** 128 bits: it stands in a tag, of which the values have 256 characters. */
const DIGEST_CHARACTERS = 22;

/** Of what decides what a run does; not of what was told, which a refused run writes as well. */
function stateDigest({ generation, commit, inLine, spent, calm, position }: LoopState): string {
  const deciding = [generation, commit, inLine, spent, calm, position].map((value) => value ?? null);
  return createHash('sha256').update(JSON.stringify(deciding)).digest('base64url').slice(0, DIGEST_CHARACTERS);
}
