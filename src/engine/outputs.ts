import { documentAddress, documentOf } from './address.ts';
import { isOurs } from './ownership.ts';
import type { PlanRun, PlannedInternals } from './plan.ts';
import { kindOf } from './world.ts';
import type { World } from './world.ts';
import type { Address, ApplyResult, Output, Value } from './types.ts';

/**
 * What an apply leaves people with, as their kinds say it: of the documents of which something was done; where nothing was
 * to do, of all. By address.
 *
 * @param run what was seen last: attributes of objects that are there and ours, and of no other.
 */
export function outputsOf(
  world: Pick<World, 'kinds' | 'estate'>,
  run: Pick<PlanRun, 'documents'>,
  { outcome, done }: Pick<ApplyResult, 'outcome' | 'done'>,
): readonly Output[] {
  const touched = new Set<Address>(done.map(documentOf));
  return [...run.documents.values()]
    .filter(({ document }) => outcome === 'nothing' || touched.has(documentAddress(document)))
    .sort((a, b) => (documentAddress(a.document) < documentAddress(b.document) ? -1 : 1))
    .flatMap(({ document, seen }) => {
      const found = kindOf(world, document).outputs?.(document, world.estate, attributesIn(seen)) ?? [];
      return found.map(({ name, value }) => ({ document: documentAddress(document), name, value }));
    });
}

function attributesIn(seen: PlannedInternals['seen']): (id: string, attribute: string) => Value | undefined {
  return (id, attribute) => {
    const one = seen.find(({ desired }) => desired.id === id);
    if (!one || one.withheld || one.observation.state !== 'present' || !isOurs(one.ownership)) return undefined;
    return one.observation.attributes[attribute];
  };
}
