import type { Aws } from '../../aws/clients.ts';
import { describeError, isAwsError, isServiceError } from '../../aws/errors.ts';
import { instanceWrites } from '../../resources/instance-writes.ts';
import type { Judged } from './survey.ts';

/** How a start or stop ended. */
export type Outcome =
  | { readonly state: 'started' | 'stopped' }
  /** EC2 admits it for no such instance, or not now: no fault of the run. */
  | { readonly state: 'skipped'; readonly reason: SkipReason }
  | { readonly state: 'refused'; readonly error: string };

export type SkipReason = 'protected against stops' | 'not supported by EC2 for this instance' | 'its state has changed';

export interface Acted extends Judged {
  readonly outcome: Outcome;
}

/** Instances of one call: one that EC2 refuses holds up this many. */
const BATCH = 50;

/** What EC2 says of one instance (EC2 user guide, "Error codes for the Amazon EC2 API"). */
const SKIPS: Readonly<Record<string, SkipReason>> = {
  OperationNotPermitted: 'protected against stops',
  UnsupportedOperation: 'not supported by EC2 for this instance',
  IncorrectInstanceState: 'its state has changed',
  'InvalidInstanceID.NotFound': 'its state has changed',
};

/** Starts and stops what was decided, in batches by place; a batch that is refused is halved until the others go. */
export async function act(aws: Aws, due: readonly Judged[], hibernate: boolean): Promise<readonly Acted[]> {
  const groups = new Map<string, Judged[]>();
  for (const judged of due) {
    const { place, instance, decision } = judged;
    const verb = decision.action === 'stop' && hibernate && instance.canHibernate ? 'hibernate' : decision.action;
    const key = [place.account, place.region, verb].join('/');
    groups.set(key, [...(groups.get(key) ?? []), judged]);
  }
  const acted = await Promise.all(
    [...groups].map(([key, group]) => actInBatches(aws, key.endsWith('/hibernate'), group)),
  );
  return acted.flat();
}

async function actInBatches(aws: Aws, isHibernation: boolean, group: readonly Judged[]): Promise<readonly Acted[]> {
  const acted: Acted[] = [];
  for (let from = 0; from < group.length; from += BATCH) {
    acted.push(...(await send(aws, isHibernation, group.slice(from, from + BATCH))));
  }
  return acted;
}

async function send(aws: Aws, isHibernation: boolean, batch: readonly Judged[]): Promise<readonly Acted[]> {
  const [first] = batch;
  if (!first) return [];
  const isStart = first.decision.action === 'start';
  try {
    const writes = await instanceWrites(aws, first.place);
    const ids = batch.map(({ instance }) => instance.id);
    await (isStart ? writes.start(ids) : writes.stop(ids, isHibernation));
    return batch.map((judged) => ({ ...judged, outcome: { state: isStart ? 'started' : 'stopped' } }));
  } catch (error) {
    if (batch.length === 1) return [{ ...first, outcome: outcomeOf(error) }];
    // What never came to EC2 is no one instance's doing.
    if (!isServiceError(error)) return batch.map((judged) => ({ ...judged, outcome: outcomeOf(error) }));
    const middle = Math.ceil(batch.length / 2);
    return [
      ...(await send(aws, isHibernation, batch.slice(0, middle))),
      ...(await send(aws, isHibernation, batch.slice(middle))),
    ];
  }
}

function outcomeOf(error: unknown): Outcome {
  const known = Object.keys(SKIPS).find((name) => isAwsError(error, name));
  const reason = known === undefined ? undefined : SKIPS[known];
  return reason === undefined ? { state: 'refused', error: describeError(error) } : { state: 'skipped', reason };
}
