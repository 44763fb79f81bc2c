import { expect } from 'vitest';
import type { Fault, TrailEvent } from '../../../src/embedded/index.ts';
import { converge, expectApplied, verbs } from './law.ts';
import type { Bench, Law } from './law.ts';
import { countOf, scenes } from './scenes.ts';
import type { Scene } from './scenes.ts';

async function expectWhole({ name, stand, objects }: Scene, at: string): Promise<void> {
  await converge(stand);
  expect(`${name}, ${at}: ${countOf(stand.snapshot())} objects`).toBe(`${name}, ${at}: ${objects} objects`);
}

/** Ids that AWS gives, which differ from run to run. */
const GIVEN = /[A-Z0-9]{13,}|[0-9a-f]{8}-[0-9a-f-]{27}/g;

/** What was written, in any order. */
function writesOf(events: readonly TrailEvent[]): string {
  const writes = events.filter(({ readOnly, errorCode }) => !readOnly && errorCode === undefined);
  return writes
    .map(
      ({ eventName, requestParameters }) => `${eventName} ${JSON.stringify(requestParameters).replaceAll(GIVEN, '…')}`,
    )
    .sort()
    .join('\n');
}

/** Numbers of the calls that a whole apply of a scene makes. */
async function callsOf({ stand, base }: Scene): Promise<number> {
  stand.restore(base);
  const process = stand.process();
  expect((await process.apply()).outcome).toBe('applied');
  return process.calls();
}

export const FAULTS: Readonly<Record<string, Law>> = {
  'F01 crash before and after every call': {
    says: 'killed before or after any single API call, the next apply converges: no duplicate, no orphan, nothing foreign changed',
    async check(bench) {
      const figures: string[] = [];
      for (const scene of await scenes(bench)) {
        const { stand, base, name } = scene;
        const calls = await callsOf(scene);
        // Runs whose writes were the same leave the same behind: each such state is taken up once.
        const taken = new Set<string>();
        let points = 0;
        for (let nth = 1; nth <= calls; nth += 1) {
          for (const side of ['before', 'after'] as const) {
            stand.restore(base);
            const doomed = stand.doomed(nth, side);
            await doomed.apply().catch(() => undefined);
            points += 1;
            const written = writesOf(doomed.account.events());
            if (taken.has(written)) continue;
            taken.add(written);
            await expectWhole(scene, `killed ${side} call ${nth}`);
          }
        }
        figures.push(`${name} ${points} of ${points} points (${taken.size} states)`);
      }
      return figures.join(', ');
    },
  },
  'F11 stale reads': {
    says: 'reads show the state of 30 seconds ago: what was written is waited for, and nothing is made twice',
    async check(bench) {
      const figures: string[] = [];
      for (const scene of await scenes(bench)) {
        const { stand, base, name, objects } = scene;
        stand.restore(base);
        const process = stand.lagging(30_000);
        const before = process.account.now();
        expectApplied(await process.apply());
        expect([name, countOf(stand.snapshot())]).toEqual([name, objects]);
        figures.push(`${name} in ${Math.round((process.account.now() - before) / 1000)} s of the account's clock`);
      }
      return figures.join(', ');
    },
  },
  'F10 lost reply on every write': {
    says: 'the reply to any write is lost after it succeeded: nothing is made twice',
    check: (bench) => everyCall(bench, 'write', (call) => [{ ...call, fault: 'lost-reply' }], 'applied'),
  },
  'throttled on every call': {
    says: 'any call is throttled: it is repeated, and the apply comes to its end',
    check: (bench) => everyCall(bench, 'any', (call) => [{ ...call, fault: 'throttle' }], 'applied'),
  },
  'denied on every call': {
    says: 'any call is denied: nothing is read as absent, nothing is removed on that ground, and with the permission it converges',
    check: (bench) =>
      everyCall(bench, 'any', ({ service, command }) => [{ service, command, times: 999, fault: 'access-denied' }]),
  },
};

interface Call {
  readonly service: string;
  readonly command: string;
  readonly nth: number;
}

/** One run for each call of each scene, with faults at that call. */
async function everyCall(
  bench: Bench,
  which: 'write' | 'any',
  faultsOf: (call: Call) => readonly Fault[],
  outcome?: string,
): Promise<string> {
  const figures: string[] = [];
  for (const scene of await scenes(bench)) {
    const { stand, base, name, objects } = scene;
    const faulty = new Map<string, readonly Fault[]>();
    for (const call of await listCalls(scene, which)) faulty.set(JSON.stringify(faultsOf(call)), faultsOf(call));
    for (const [text, faults] of faulty) {
      stand.restore(base);
      const process = stand.process(faults);
      const ended = await process.apply().then(
        (result) => result.outcome,
        (error: Error) => error.message,
      );
      if (outcome !== undefined) {
        expect([text, ended, countOf(stand.snapshot())]).toEqual([text, outcome, objects]);
      }
      // Applied means that a plan right after it was empty.
      else await expectWhole(scene, text);
      if (name !== 'update') continue;
      // Everything is there: whatever goes wrong, nothing is to be made or removed.
      stand.restore(base);
      const plan = await stand
        .process(faults)
        .plan()
        .catch(() => undefined);
      expect([text, ...verbs(plan ?? { actions: [] }).filter((verb) => verb !== 'update')]).toEqual([text]);
    }
    figures.push(`${name} ${faulty.size} of ${faulty.size} calls`);
  }
  return figures.join(', ');
}

async function listCalls({ stand, base }: Scene, which: 'write' | 'any'): Promise<readonly Call[]> {
  stand.restore(base);
  const process = stand.process();
  await process.apply();
  const seen = new Map<string, number>();
  return process.account
    .events()
    .filter(({ readOnly }) => which === 'any' || !readOnly)
    .map(({ eventSource, eventName }) => {
      const service = serviceOf(eventSource);
      const nth = (seen.get(`${service} ${eventName}`) ?? 0) + 1;
      seen.set(`${service} ${eventName}`, nth);
      return { service, command: eventName, nth };
    });
}

/** CloudTrail names services by their endpoints, faults by their SDK packages. */
const PACKAGES: Readonly<Record<string, string>> = {
  'monitoring.amazonaws.com': 'cloudwatch',
  'logs.amazonaws.com': 'cloudwatch-logs',
  'events.amazonaws.com': 'eventbridge',
  'route53.amazonaws.com': 'route-53',
  'secretsmanager.amazonaws.com': 'secrets-manager',
  'tagging.amazonaws.com': 'resource-groups-tagging-api',
};

function serviceOf(eventSource: string): string {
  return PACKAGES[eventSource] ?? eventSource.replace('.amazonaws.com', '');
}
