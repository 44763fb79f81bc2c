import type { Aws } from '../../aws/clients.ts';
import type { Clock } from '../../engine/types.ts';
import { LOOK_ACTION } from '../../resources/scheduled-instances/function-contract.ts';
import type { RunAnswer, RunRequest } from '../../resources/scheduled-instances/function-contract.ts';
import { act } from './acting.ts';
import type { Acted } from './acting.ts';
import type { Configuration } from './configuration.ts';
import { writeErrorTags } from './error-tags.ts';
import { survey } from './survey.ts';
import type { Judged } from './survey.ts';

export interface Run {
  readonly answer: RunAnswer;
  /** Every instance that carries the tag. */
  readonly instances: readonly (Judged | Acted)[];
  readonly skew?: number;
}

/**
 * One run over all places: look, decide, act within `maxActions`. Throws for nothing that AWS answers.
 *
 * @param timeIsOver no call that writes begins any more, so that what was done can still be said
 */
export async function run(
  configuration: Configuration,
  aws: Aws,
  clock: Clock,
  action: RunRequest['action'],
  timeIsOver: () => boolean = () => false,
): Promise<Run> {
  const { address, rules } = configuration;
  const { judged, cured, unreachable, skew } = await survey(configuration, aws, clock);
  const due = judged.filter(({ decision }) => decision.action !== 'none');
  const isOver = due.length > rules.maxActions;
  const isIdle = isOver || action === LOOK_ACTION;
  const [acted, troubles] = isIdle
    ? [[], []]
    : await Promise.all([
        act(aws, due, { hibernate: rules.hibernate, isOver: timeIsOver }),
        writeErrorTags(aws, configuration.tagKey, [...judged, ...cured], timeIsOver),
      ]);
  const byKey = new Map(acted.map((one) => [keyOf(one), one]));
  const instances = judged.map((one) => byKey.get(keyOf(one)) ?? one);
  const refused = acted.flatMap(({ instance, outcome }) =>
    outcome.state === 'refused' ? [{ id: instance.id, error: outcome.error }] : [],
  );
  const trouble = [...unreachable, ...troubles];
  const isFailed = trouble.length > 0 || refused.length > 0;
  return {
    answer: {
      outcome: action === LOOK_ACTION ? 'looked' : isOver ? 'over-limit' : isFailed ? 'failed' : 'done',
      document: address,
      instances: judged.length,
      started: acted.filter(({ outcome }) => outcome.state === 'started').length,
      stopped: acted.filter(({ outcome }) => outcome.state === 'stopped').length,
      due: {
        start: due.filter(({ decision }) => decision.action === 'start').length,
        stop: due.filter(({ decision }) => decision.action === 'stop').length,
      },
      skipped: skippedOf(instances),
      malformed: judged.filter(({ decision }) => decision.fault).length,
      missed: judged.filter(({ missed }) => missed !== undefined).length,
      refused,
      unreachable: trouble,
    },
    instances,
    ...(skew !== undefined && { skew }),
  };
}

function skippedOf(instances: readonly (Judged | Acted)[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const one of instances) {
    const reason = reasonOf(one);
    if (reason !== undefined) counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

function reasonOf(one: Judged | Acted): string | undefined {
  if ('outcome' in one) return one.outcome.state === 'skipped' ? one.outcome.reason : undefined;
  return one.decision.isSkipped ? one.decision.reason : undefined;
}

function keyOf({ place, instance }: Judged): string {
  return `${place.account}/${place.region}/${instance.id}`;
}
