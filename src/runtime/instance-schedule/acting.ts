import type { Aws } from '../../aws/clients.ts';
import { describeError, isAwsError } from '../../aws/errors.ts';
import { instanceWrites } from '../../resources/instance-writes.ts';
import { inHalves } from './halving.ts';
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

/** Starts and stops what was decided, by place; a batch that is refused is halved until the others go. */
export async function act(
  aws: Aws,
  due: readonly Judged[],
  { hibernate, isOver }: { readonly hibernate: boolean; readonly isOver: () => boolean },
): Promise<readonly Acted[]> {
  const groups = new Map<string, Judged[]>();
  for (const judged of due) {
    const { place, instance, decision } = judged;
    const verb = decision.action === 'stop' && hibernate && instance.canHibernate ? 'hibernate' : decision.action;
    const key = [place.account, place.region, verb].join('/');
    groups.set(key, [...(groups.get(key) ?? []), judged]);
  }
  const acted = await Promise.all(
    [...groups].map(async ([key, group]) => {
      const endings = await inHalves(group, (batch) => send(aws, key.endsWith('/hibernate'), batch), {
        batch: BATCH,
        isOver,
      });
      return endings.map(([judged, error]): Acted => ({ ...judged, outcome: outcomeOf(judged, error) }));
    }),
  );
  return acted.flat();
}

async function send(aws: Aws, isHibernation: boolean, batch: readonly Judged[]): Promise<void> {
  const [first] = batch;
  if (!first) return;
  const writes = await instanceWrites(aws, first.place);
  const ids = batch.map(({ instance }) => instance.id);
  await (first.decision.action === 'start' ? writes.start(ids) : writes.stop(ids, isHibernation));
}

function outcomeOf({ decision }: Judged, error: unknown): Outcome {
  if (error === undefined) return { state: decision.action === 'start' ? 'started' : 'stopped' };
  const known = Object.keys(SKIPS).find((name) => isAwsError(error, name));
  const reason = known === undefined ? undefined : SKIPS[known];
  return reason === undefined ? { state: 'refused', error: describeError(error) } : { state: 'skipped', reason };
}
