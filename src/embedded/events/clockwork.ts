import type { Target } from '@aws-sdk/client-eventbridge';
import { nextAfter } from '../../schedule/aws-expression.ts';
import type { Clockwork, Delivery } from '../service.ts';
import type { Transaction } from '../store/database.ts';
import { ruleArn, rules } from './model.ts';
import type { StoredRule } from './model.ts';
import { isEnabled } from './rules.ts';

/** Enabled rules hand an event to each of their targets at the moments of their schedules. */
export const clockwork: Clockwork = {
  due(after, data) {
    const moments = firing(data).flatMap((rule) => nextOf(rule, after) ?? []);
    return moments.length === 0 ? undefined : Math.min(...moments);
  },
  strike: (at, data) =>
    firing(data)
      .filter((rule) => nextOf(rule, at - 1) === at)
      .flatMap((rule) => Object.values(rule.targets).map((target) => delivery(rule, target, at))),
};

function firing(data: Transaction): readonly StoredRule[] {
  return [...data.entries(rules)]
    .map(([, rule]) => rule)
    .filter((rule) => isEnabled(rule) && Object.keys(rule.targets).length > 0);
}

function nextOf({ scheduleExpression, anchor }: StoredRule, after: number): number | undefined {
  return nextAfter(scheduleExpression, after, anchor);
}

function delivery(rule: StoredRule, target: Target, at: number): Delivery {
  return {
    target: target.Arn ?? '',
    event: target.Input === undefined ? scheduledEvent(rule, at) : (JSON.parse(target.Input) as unknown),
    principal: 'events.amazonaws.com',
    sourceArn: ruleArn(rule),
    sourceAccount: rule.account,
  };
}

/** EventBridge user guide, "Scheduled events": what a target without Input gets. */
function scheduledEvent(rule: StoredRule, at: number): object {
  return {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: rule.account,
    time: `${new Date(at).toISOString().slice(0, 19)}Z`,
    region: rule.region,
    resources: [ruleArn(rule)],
    detail: {},
  };
}
