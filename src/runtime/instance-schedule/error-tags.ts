import type { Aws } from '../../aws/clients.ts';
import { describeError } from '../../aws/errors.ts';
import type { Place } from '../../engine/types.ts';
import { instanceWrites } from '../../resources/instance-writes.ts';
import type { Trouble } from '../../resources/scheduled-instances/function-contract.ts';
import type { TagFault } from '../../resources/scheduled-instances/judge.ts';
import { ERROR_TAG, hasRoom } from '../../resources/scheduled-instances/tags.ts';
import { inHalves } from './halving.ts';
import type { Judged } from './survey.ts';

/** Instances of one call. */
const BATCH = 100;

/** Fixed words and a number: an owner's text is never written anywhere for him (threats T87). */
export function faultText({ code, column }: TagFault): string {
  return `${code} at column ${column}`;
}

type Marked = Pick<Judged, 'place' | 'instance'> & Partial<Pick<Judged, 'decision'>>;

/**
 * Writes on each instance what is wrong with its tag, `EntScheduler: unknown-day at column 5`, and takes that away where
 * nothing is any more. What is said of another tag is left to those who look at that one, as long as it is there.
 */
export async function writeErrorTags(
  aws: Aws,
  tagKey: string,
  instances: readonly Marked[],
  isOver: () => boolean,
): Promise<readonly Trouble[]> {
  const changes = new Map<string, Change>();
  for (const { place, instance, decision } of instances) {
    const { tags, state } = instance;
    if (state === 'terminated' || state === 'shutting-down') continue;
    const said = tags[ERROR_TAG];
    const about = said?.slice(0, said.lastIndexOf(': '));
    if (about !== undefined && about !== tagKey && tags[about] !== undefined) continue;
    const text = decision?.fault && `${tagKey}: ${faultText(decision.fault)}`;
    // Without room for another tag the log alone says it.
    if (said === text || (said === undefined && !hasRoom(tags, [ERROR_TAG]))) continue;
    const key = JSON.stringify([place.account, place.region, text]);
    const change = changes.get(key) ?? { place, text, ids: [] };
    change.ids.push(instance.id);
    changes.set(key, change);
  }
  const troubles = await Promise.all([...changes.values()].map((change) => write(aws, change, isOver)));
  return troubles.flat();
}

interface Change {
  readonly place: Place;
  readonly text: string | undefined;
  readonly ids: string[];
}

async function write(aws: Aws, { place, text, ids }: Change, isOver: () => boolean): Promise<readonly Trouble[]> {
  const endings = await inHalves(
    ids,
    async (batch) => {
      const writes = await instanceWrites(aws, place);
      await (text === undefined ? writes.removeTags(batch, [ERROR_TAG]) : writes.setTags(batch, { [ERROR_TAG]: text }));
    },
    { batch: BATCH, isOver },
  );
  const [first, ...others] = endings.filter(([, error]) => error !== undefined);
  if (!first) return [];
  const [id, error] = first;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return [{ ...place, message: `${id}${more}: the tag ${ERROR_TAG} was not written: ${describeError(error)}` }];
}
