import { expect } from 'vitest';
import type { Fault } from '../../../src/embedded/index.ts';
import { converge, expectApplied } from './law.ts';
import { countOf, movedBy } from './scenes.ts';
import type { Scene, SceneLaw } from './scenes.ts';
import type { Process } from '../stage.ts';

async function expectWhole({ stand, objects }: Scene, at: string): Promise<void> {
  await converge(stand);
  expect(`${at}: ${countOf(stand.snapshot())} objects`).toBe(`${at}: ${objects} objects`);
}

/** How many calls a whole apply of a scene makes, and how many of them have written something. */
async function callsOf(scene: Scene): Promise<{ readonly calls: number; readonly writes: number }> {
  scene.stand.restore(scene.base);
  const process = scene.stand.process();
  expectApplied(await process.apply());
  return { calls: process.calls(), writes: writesIn(process) };
}

function writesIn({ account }: Process): number {
  return account.events().filter(({ readOnly, errorCode }) => !readOnly && errorCode === undefined).length;
}

export const FAULTS: Readonly<Record<string, SceneLaw>> = {
  'F01 crash before and after every call': {
    says: 'killed before or after any single API call, the next apply converges: no duplicate, no orphan, nothing foreign changed',
    async check(scene) {
      const { stand, base } = scene;
      const { calls, writes } = await callsOf(scene);
      // Reads change nothing: all points between two writes leave the same behind, and each such state is taken up once.
      for (let nth = 0; nth <= writes; nth += 1) {
        stand.restore(base);
        const doomed = stand.doomed(nth);
        await doomed.apply().catch(() => undefined);
        expect([`killed after write ${nth}`, writesIn(doomed)]).toEqual([`killed after write ${nth}`, nth]);
        await expectWhole(scene, `killed after write ${nth}`);
      }
      return `${writes + 1} states, before, between and after the writes of ${calls} calls`;
    },
  },
  'F11 stale reads': {
    says: 'reads show the state of 30 seconds ago: what was written is waited for, and nothing is made twice',
    async check({ stand, base, objects }) {
      stand.restore(base);
      const process = stand.lagging(30_000);
      const before = process.account.now();
      expectApplied(await process.apply());
      expect(countOf(stand.snapshot())).toBe(objects);
      return `${Math.round((process.account.now() - before) / 1000)} s of the account's clock`;
    },
  },
  'F10 lost reply on every write': {
    says: 'the reply to any write is lost after it succeeded: nothing is made twice',
    check: (scene) => everyCall(scene, 'write', (call) => [{ ...call, fault: 'lost-reply' }], 'applied'),
  },
  'throttled on every call': {
    says: 'any call is throttled: it is repeated, and the apply comes to its end',
    check: (scene) => everyCall(scene, 'any', (call) => [{ ...call, fault: 'throttle' }], 'applied'),
  },
  'denied on every call': {
    says: 'any call is denied: nothing is read as absent, nothing is removed on that ground, and with the permission it converges',
    check: (scene) =>
      everyCall(scene, 'any', ({ service, command }) => [{ service, command, times: 999, fault: 'access-denied' }]),
  },
};

interface Call {
  readonly service: string;
  readonly command: string;
  readonly nth: number;
}

/** One run for each call of the scene, with faults at that call. */
async function everyCall(
  scene: Scene,
  which: 'write' | 'any',
  faultsOf: (call: Call) => readonly Fault[],
  outcome?: string,
): Promise<string> {
  const { stand, base, objects, moved } = scene;
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
    if (!moved) continue;
    stand.restore(base);
    const plan = await stand
      .process(faults)
      .plan()
      .catch(() => undefined);
    expect([text, ...movedBy(plan ?? { actions: [] }).filter((id) => !moved.includes(id))]).toEqual([text]);
  }
  return `${faulty.size} of ${faulty.size} calls`;
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
