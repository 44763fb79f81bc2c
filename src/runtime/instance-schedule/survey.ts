import type { Aws } from '../../aws/clients.ts';
import { describeError } from '../../aws/errors.ts';
import type { Clock, Place } from '../../engine/types.ts';
import { listInstances, watchInstancesClock } from '../../resources/instances.ts';
import type { Instance } from '../../resources/instances.ts';
import { createJudge } from '../../resources/scheduled-instances/judge.ts';
import type { InstanceDecision } from '../../resources/scheduled-instances/judge.ts';
import { ERROR_TAG } from '../../resources/scheduled-instances/tags.ts';
import type { Trouble } from '../../resources/scheduled-instances/function-contract.ts';
import { judgeOptionsOf } from './configuration.ts';
import type { Configuration } from './configuration.ts';

/** An instance with what is to be done to it. */
export interface Judged {
  readonly place: Place;
  readonly instance: Instance;
  readonly decision: InstanceDecision;
  /** It is stopped, and its schedule wants it so. */
  readonly isSaving: boolean;
  /** Mode edge: what its schedule wants of it by now and no edge in the window says, since a run was missed (threats F37). */
  readonly missed?: 'start' | 'stop';
}

export interface Survey {
  readonly judged: readonly Judged[];
  /** Without a schedule tag by now, and still said to have a wrong one. */
  readonly cured: readonly Pick<Judged, 'place' | 'instance'>[];
  readonly unreachable: readonly Trouble[];
  /** Milliseconds by which AWS's clock is ahead of the function's, where that is more than a minute. */
  readonly skew?: number;
}

/** A clock that is further off than this decides wrongly (threats F16). */
const MAX_SKEW_MS = 60_000;

/** Looks at every place and decides, each for itself: one that cannot be reached does not hold up the others. */
export async function survey(configuration: Configuration, aws: Aws, clock: Clock): Promise<Survey> {
  const skews: number[] = [];
  const looks = await Promise.all(
    configuration.places.map(async (place) => {
      try {
        const skewOf = await watchInstancesClock(aws, place, clock);
        const instances = await listInstances(aws, place, [configuration.tagKey, ERROR_TAG]);
        const skew = skewOf();
        if (skew !== undefined && Math.abs(skew) > MAX_SKEW_MS) skews.push(skew);
        return { place, instances };
      } catch (error) {
        return { place, instances: [] as readonly Instance[], trouble: { ...place, message: describeError(error) } };
      }
    }),
  );
  const [skew] = skews;
  // AWS's clock is the one that was promised.
  const now = clock.now() + (skew ?? 0);
  const options = judgeOptionsOf(configuration);
  const judge = createJudge(options);
  const wish = createJudge({ ...options, mode: 'desired' });
  return {
    judged: looks.flatMap(({ place, instances }) =>
      instances.filter(hasSchedule).map((instance) => judgeOne(place, instance)),
    ),
    cured: looks.flatMap(({ place, instances }) =>
      instances.filter((instance) => !hasSchedule(instance)).map((instance) => ({ place, instance })),
    ),
    unreachable: looks.flatMap(({ trouble }) => trouble ?? []),
    ...(skew !== undefined && { skew }),
  };

  function judgeOne(place: Place, instance: Instance): Judged {
    const decision = judge(instance, now);
    const wanted = wish(instance, now);
    const isMissed = options.mode === 'edge' && decision.reason === 'nothing due' && wanted.action !== 'none';
    return {
      place,
      instance,
      decision,
      isSaving: instance.state === 'stopped' && wanted.reason === 'already stopped',
      ...(isMissed && { missed: wanted.action }),
    };
  }

  function hasSchedule({ tags }: Instance): boolean {
    return tags[configuration.tagKey] !== undefined;
  }
}
