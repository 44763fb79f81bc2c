import type { Aws } from '../../aws/clients.ts';
import { describeError } from '../../aws/errors.ts';
import type { Place } from '../../engine/types.ts';
import { instanceWrites } from '../../resources/instance-writes.ts';
import type { Trouble } from '../../resources/scheduled-instances/function-contract.ts';
import type { TagFault } from '../../resources/scheduled-instances/judge.ts';
import { ERROR_TAG } from '../../resources/scheduled-instances/tags.ts';
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
 * nothing is any more. What is said of the tag of another document is that one's.
 */
export async function writeErrorTags(
  aws: Aws,
  tagKey: string,
  instances: readonly Marked[],
): Promise<readonly Trouble[]> {
  const changes = new Map<
    string,
    { readonly place: Place; readonly text: string | undefined; readonly ids: string[] }
  >();
  for (const { place, instance, decision } of instances) {
    if (instance.state === 'terminated' || instance.state === 'shutting-down') continue;
    const said = instance.tags[ERROR_TAG];
    const text = decision?.fault && `${tagKey}: ${faultText(decision.fault)}`;
    const isOurs = said?.startsWith(`${tagKey}: `) ?? false;
    if (said === text || (text === undefined && !isOurs)) continue;
    const key = JSON.stringify([place.account, place.region, text]);
    const change = changes.get(key) ?? { place, text, ids: [] };
    change.ids.push(instance.id);
    changes.set(key, change);
  }
  const troubles = await Promise.all([...changes.values()].map((change) => write(aws, change)));
  return troubles.flat();
}

async function write(
  aws: Aws,
  { place, text, ids }: { readonly place: Place; readonly text: string | undefined; readonly ids: readonly string[] },
): Promise<readonly Trouble[]> {
  try {
    const writes = await instanceWrites(aws, place);
    for (let from = 0; from < ids.length; from += BATCH) {
      const some = ids.slice(from, from + BATCH);
      await (text === undefined ? writes.removeTags(some, [ERROR_TAG]) : writes.setTags(some, { [ERROR_TAG]: text }));
    }
    return [];
  } catch (error) {
    return [{ ...place, message: `the tag ${ERROR_TAG} was not written: ${describeError(error)}` }];
  }
}
