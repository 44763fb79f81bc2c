import { describe, expect, it } from 'vitest';
import type { Fault } from '../src/embedded/index.ts';
import { reviewedWorlds } from './support/moved-world.ts';
import type { ReviewedWorld } from './support/moved-world.ts';

/** Calls that would make a second object if they were sent twice and both were taken. */
const CREATES = ['CreateHostedZone', 'CreateFunction', 'CreateRole', 'CreateLogGroup', 'AddPermission', 'CreateBucket'];

interface Call {
  readonly service: string;
  readonly command: string;
  readonly nth: number;
}

/** Every writing call that an apply makes, and which of its kind it is. */
function writesOf({ estate }: ReviewedWorld, seen: number): readonly Call[] {
  const counts = new Map<string, number>();
  const writes = estate.account.events().slice(seen);
  return writes
    .filter(({ readOnly }) => !readOnly)
    .map(({ eventSource, eventName: command }) => {
      const service = SERVICES[eventSource] ?? '';
      const nth = (counts.get(`${service} ${command}`) ?? 0) + 1;
      counts.set(`${service} ${command}`, nth);
      return { service, command, nth };
    });
}

const SERVICES: Readonly<Record<string, string>> = {
  'events.amazonaws.com': 'eventbridge',
  'iam.amazonaws.com': 'iam',
  'lambda.amazonaws.com': 'lambda',
  'logs.amazonaws.com': 'cloudwatch-logs',
  'monitoring.amazonaws.com': 'cloudwatch',
  'route53.amazonaws.com': 'route-53',
  's3.amazonaws.com': 's3',
  'sts.amazonaws.com': 'sts',
};

/** Objects that were made, by the call that made them. */
function createsOf({ estate }: ReviewedWorld, seen: number): readonly string[] {
  const taken = estate.account.events().slice(seen);
  return taken
    .filter(({ eventName, errorCode }) => CREATES.includes(eventName) && errorCode === undefined)
    .map(({ eventName }) => eventName)
    .toSorted();
}

describe('F10 the reply to a write is lost after it was done', () => {
  const cases = [
    { what: 'makes', calls: 30, open: reviewedWorlds({ undeployed: true, alone: true }) },
    {
      what: 'changes',
      calls: 15,
      open: reviewedWorlds({
        alone: true,
        edit: (estate) =>
          estate.rewrite('corp.yaml', (yaml) =>
            yaml
              .replace('comment: mirror', 'comment: office')
              .replace('rate(15 minutes)', 'rate(30 minutes)')
              .concat('  function: { memory: 512, logRetention: 14d }\n'),
          ),
        moves: 'ns1 A 10.0.0.1\nwww A 10.0.0.22',
      }),
    },
  ];

  it.each(cases)(
    'for every call of an apply that $what a mirror: nothing is made twice, and the plan after it is empty',
    { timeout: 120_000 },
    async ({ calls, open, what }) => {
      const undisturbed = await open();
      const seen = undisturbed.estate.account.events().length;
      expect((await undisturbed.estate.apply(undisturbed.reviewed)).outcome).toBe('applied');
      const writes = writesOf(undisturbed, seen);
      const creates = createsOf(undisturbed, seen);
      expect(writes.length).toBeGreaterThanOrEqual(calls);

      const ends: object[] = [];
      for (const call of writes) {
        const fault: Fault = { ...call, fault: 'lost-reply' };
        const world = await open([fault]);
        const result = await world.estate.apply(world.reviewed);
        const { create, update } = result.replan?.summary ?? {};
        ends.push({
          call,
          outcome: result.outcome,
          failed: result.failed,
          creates: createsOf(world, seen),
          create,
          update,
        });
      }

      const wanted = { outcome: 'applied', failed: [], creates, create: 0, update: 0 };
      expect(ends).toEqual(writes.map((call) => ({ call, ...wanted })));
      process.stdout.write(`F10 ${what}: ${ends.length} of ${writes.length} lost replies, none made anything twice\n`);
    },
  );
});
