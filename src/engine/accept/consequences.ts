import { resourceAddress } from '../address.ts';
import { DOCUMENT_VARIABLE } from '../function-document.ts';
import type { Address, Desired, Document } from '../types.ts';
import { equal } from '../value.ts';
import { typeOf } from '../world.ts';
import type { Goal, Looked, Trial } from './trial.ts';

/** A property that an edit moves beside the one that it is meant for. */
export interface Consequence {
  readonly id: Address;
  readonly path: string;
}

export interface Consequences {
  /** Goals that are met with it. */
  readonly met: readonly Goal[];
  /** What the next apply would write because of it. */
  readonly follows: readonly Consequence[];
  /** The first that nobody asked for, as a clause; undefined: none. */
  readonly fault: string | undefined;
}

/**
 * What an edit does beside its goal. Nothing may: but what another goal asks for, the same property of a like object that
 * one field serves both, and that functions are told of the document as it is then.
 */
export async function consequencesOf(
  looked: Looked,
  document: Document,
  {
    before,
    after,
    goal,
    goals,
  }: { readonly before: Trial; readonly after: Trial; readonly goal: Goal; readonly goals: readonly Goal[] },
): Promise<Consequences> {
  const addressOf = ({ id }: Pick<Desired, 'id'>): Address => resourceAddress(document, id);
  const shapes = [before, after].map(({ resources }) =>
    resources.map(({ id, type, place, after: order }) => [id, type, place, order]),
  );
  if (!equal(shapes[0], shapes[1])) return { met: [], follows: [], fault: 'would make or remove other objects' };
  const met: Goal[] = [];
  const follows: Consequence[] = [];
  for (const old of before.resources) {
    const id = addressOf(old);
    const fresh = after.desired(id);
    if (!fresh || equal(old.properties, fresh.properties)) continue;
    const { managed, source } = typeOf(looked.world, old.type);
    if (managed.length === 0) {
      const isMore = source !== undefined || (await after.moving(id)) > (await before.moving(id));
      if (isMore) return { met, follows, fault: `would change more of ${id}` };
      const own = goals.find((one) => one.id === id);
      if (own && (await after.open(own))?.length === 0) met.push(own);
      continue;
    }
    for (const path of movedPaths(old, fresh)) {
      const asked = goals.find((one) => one.id === id && one.path === path);
      if (asked === goal) continue;
      if (asked && (await after.open(asked))?.length === 0) met.push(asked);
      else if (restates(old, fresh, path)) follows.push({ id, path });
      else if (asked)
        return { met, follows, fault: `would give ${path} of ${id} another value than it was found with` };
      else if (isLike(old, fresh, path)) follows.push({ id, path });
      else return { met, follows, fault: `would change ${path} of ${id} as well` };
    }
  }
  return { met, follows, fault: undefined };

  /** One field for several objects of one type. */
  function isLike(old: Desired, fresh: Desired, path: string): boolean {
    const [one, other] = [before.desired(goal.id), after.desired(goal.id)];
    return (
      path === goal.path &&
      one?.type === old.type &&
      equal(one.properties[path], old.properties[path]) &&
      equal(other?.properties[path], fresh.properties[path])
    );
  }
}

function movedPaths(old: Desired, fresh: Desired): readonly string[] {
  const paths = [...new Set([...Object.keys(old.properties), ...Object.keys(fresh.properties)])];
  return paths.filter((path) => !equal(old.properties[path], fresh.properties[path]));
}

/** Is it only what a function is told of its document? */
function restates(old: Desired, fresh: Desired, path: string): boolean {
  const [before, after] = [old, fresh].map(({ properties }) => variablesOf(properties[path]));
  if (!before || !after) return false;
  const { [DOCUMENT_VARIABLE]: _told, ...rest } = before;
  const { [DOCUMENT_VARIABLE]: told, ...others } = after;
  return told !== undefined && equal(rest, others);
}

function variablesOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const { Variables } = (value ?? {}) as { readonly Variables?: Readonly<Record<string, unknown>> };
  return typeof Variables === 'object' ? Variables : undefined;
}
