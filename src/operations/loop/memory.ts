import { createHash } from 'node:crypto';
import type { Cell } from '../../resources/cell/types.ts';
import type { Floor, Kept } from './floor.ts';
import { EMPTY, parseState } from './state.ts';
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
  // In this order: whoever writes in between writes the tag first, which names the state of before as well.
  const stored = await cell.read();
  const kept = await floor?.read();
  const found = parseState(stored?.text);
  const isOwn = !kept || kept.states.includes(stateDigest(found));
  const isNothing = knowsNothing(found);
  let version = stored?.version;
  let text = isOwn ? stored?.text : undefined;
  let state = kept ? believed(found, kept, isOwn) : found;
  let digest = isOwn || isNothing ? stateDigest(state) : undefined;
  return {
    get state() {
      return state;
    },
    forgot: !isOwn && !isNothing,
    async write(next) {
      const fresh = JSON.stringify(next);
      if (fresh === text) return;
      const known = stateDigest(next);
      // Before the state: where this is broken off in between, the one that is there is still known.
      if (floor && known !== digest) await floor.write(keptOf(await floor.read(), next, [known, digest]));
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

/** Of what others may have written only what was told: that decides nothing. What was taken the tag alone says. */
function believed(found: LoopState, { taken: { generation, commit } }: Kept, isOwn: boolean): LoopState {
  const { failure, drift, keptOutSince } = found;
  const own: LoopState = isOwn
    ? found
    : {
        ...EMPTY,
        ...(failure !== undefined && { failure }),
        ...(drift !== undefined && { drift }),
        ...(keptOutSince !== undefined && { keptOutSince }),
      };
  const highest = Math.max(own.generation ?? -1, generation ?? -1);
  const last = commit ?? own.commit;
  return { ...own, ...(highest >= 0 && { generation: highest }), ...(last !== undefined && { commit: last }) };
}

/**
 * What the tag is to say: never less than it says. Where another run of the loop was faster, its state stays known: it is
 * the one that is there, and this one will not be written.
 *
 * @param states of the one that is to be written, and of the one that it follows
 */
function keptOf(before: Kept, next: LoopState, states: readonly (string | undefined)[]): Kept {
  const isLower = (before.taken.generation ?? -1) > (next.generation ?? -1);
  const { generation, commit } = isLower ? before.taken : next;
  const [latest] = before.states;
  return {
    taken: { ...(generation !== undefined && { generation }), ...(commit !== undefined && { commit }) },
    states: [...new Set([...states, latest].flatMap((digest) => digest ?? []))],
  };
}

/** 128 bits: it stands in a tag, of which the values have 256 characters. */
const DIGEST_CHARACTERS = 22;

/** Of what decides what a run does; not of what was told, which a refused run writes as well. */
function stateDigest({ generation, commit, inLine, spent, calm, position }: LoopState): string {
  const deciding = [generation, commit, inLine, spent, calm, position].map((value) => value ?? null);
  return createHash('sha256').update(JSON.stringify(deciding)).digest('base64url').slice(0, DIGEST_CHARACTERS);
}
