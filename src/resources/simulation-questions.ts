import { canonical } from '../engine/value.ts';
import type { Permission } from '../engine/types.ts';

/** One request: every action is simulated on every resource, and only what was asked of it is read. */
export interface SimulationQuestion {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly context: Readonly<Record<string, string>>;
  readonly asked: readonly Permission[];
}

/** Pairs of action and resource in one request: the answer has some 100 KB. */
const MOST_PAIRS = 200;

const ANY = '*';

/** As few requests as hold all permissions. Those on no resource stand alone: their answer has no place of its own. */
export function simulationsOf(permissions: readonly Permission[]): readonly SimulationQuestion[] {
  const comparable = grouped(permissions, ({ context = {}, resource }) => canonical([context, resource === ANY]));
  return comparable.flatMap((group) => packed(alike(group)));
}

/** Resources that are asked the same of, together; no group too large for one request. */
function alike(permissions: readonly Permission[]): readonly (readonly Permission[])[] {
  const byResource = grouped(permissions, ({ resource }) => resource);
  const same = grouped(byResource, (group) => canonical(group.map(({ action }) => action).sort()));
  return same.flatMap((resources) => {
    const [first = []] = resources;
    const room = Math.max(Math.floor(MOST_PAIRS / first.length), 1);
    const count = Math.ceil(resources.length / room);
    return Array.from({ length: count }, (_, index) => resources.slice(index * room, (index + 1) * room).flat());
  });
}

/** Groups in one request as long as they are few. */
function packed(groups: readonly (readonly Permission[])[]): readonly SimulationQuestion[] {
  const questions: SimulationQuestion[] = [];
  for (const group of groups) {
    const last = questions.at(-1);
    const joined = questionOf([...(last?.asked ?? []), ...group]);
    const isTooMuch = joined.actions.length * joined.resources.length > MOST_PAIRS;
    if (last && !isTooMuch) questions.pop();
    questions.push(isTooMuch ? questionOf(group) : joined);
  }
  return questions;
}

function questionOf(asked: readonly Permission[]): SimulationQuestion {
  const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();
  return {
    actions: distinct(asked.map(({ action }) => action)),
    resources: distinct(asked.map(({ resource }) => resource)),
    context: asked[0]?.context ?? {},
    asked,
  };
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}
