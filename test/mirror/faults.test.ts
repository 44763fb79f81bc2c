import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Fault, FaultKind } from '../../src/embedded/faults.ts';
import { EVENT, NETWORK, RECORDS, REGION, createMirrorBench, findingsOf } from '../support/mirror-bench.ts';
import type { MirrorBench } from '../support/mirror-bench.ts';

const SPEC = [NETWORK];
const CHANGE = 'ChangeResourceRecordSets';
const [NS1, WWW] = RECORDS;
/** One goes, one comes, one changes. */
const NEXT = [NS1, WWW.replace('10.0.0.2', '10.0.0.22'), 'new 300 A 10.0.0.9'];
/** Names of versions before and after. */
const STAYING = ['ns1.z.test.', 'www.z.test.'];
/** More than one request carries. */
const LARGE = Array.from({ length: 1_500 }, (_, index) => `h${index} 300 A 10.1.${index >> 8}.${index & 255}`);

/** Calls of each command that a deployment makes: faults come after them. */
const deployed = new Map<string, number>();

beforeAll(async () => {
  const ends: (() => Promise<void>)[] = [];
  const { estate } = await createMirrorBench({ spec: SPEC, onFinished: (end) => ends.push(end) });
  for (const { eventName } of estate.account.events()) deployed.set(eventName, (deployed.get(eventName) ?? 0) + 1);
  for (const end of ends) await end();
});

/** Strikes the function's calls, from the `nth` on. */
function fault(command: string, kind: FaultKind, nth = 1, times = 1): Fault {
  return { service: 'route-53', command, nth: (deployed.get(command) ?? 0) + nth, times, fault: kind };
}

interface Probed {
  readonly bench: MirrorBench;
  /** Names that were missing at some moment though they stay, and how many moments there were. */
  seen(): { readonly missing: readonly string[]; readonly probes: number };
}

/** How long the fault takes that lets `meanwhile` happen. */
const MEANWHILE = 1;

/** Looks at the zone before each call to Route 53. */
async function createProbed(
  faults: readonly Fault[],
  meanwhile?: (bench: MirrorBench) => Promise<void>,
): Promise<Probed> {
  const missing = new Set<string>();
  let probes = 0;
  let isLooking = true;
  const bench: MirrorBench = await createMirrorBench({
    spec: SPEC,
    faults: [...faults, { service: 'route-53', command: '*', times: 100_000, fault: 'latency:0' }],
    async sleep(milliseconds) {
      if (milliseconds > MEANWHILE) await new Promise((resolve) => setTimeout(resolve, milliseconds));
      if (isLooking) return;
      isLooking = true;
      if (milliseconds === MEANWHILE) await meanwhile?.(bench);
      for (const name of STAYING) if (!(await isThere(name))) missing.add(name);
      probes += 1;
      isLooking = false;
    },
  });
  const client = bench.estate.account.client(Route53Client, { region: 'us-east-1' });
  const HostedZoneId = await bench.zoneId();
  isLooking = false;
  return { bench, seen: () => ({ missing: [...missing], probes }) };

  async function isThere(StartRecordName: string): Promise<boolean> {
    const { ResourceRecordSets = [] } = await client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId, StartRecordName, MaxItems: 1 }),
    );
    return ResourceRecordSets[0]?.Name === StartRecordName;
  }
}

async function setTimeoutOf({ estate }: MirrorBench, Timeout: number): Promise<void> {
  const FunctionName = await estate.functionName('Mirror');
  await estate.account
    .client(LambdaClient, REGION)
    .send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout }));
  await estate.account.advance(10_000);
}

async function expectConverged(bench: MirrorBench): Promise<void> {
  expect((await bench.estate.plan({ full: true })).actions).toEqual([]);
}

describe('F27 F08 F10 the calls of a run go wrong', () => {
  it.each<[string, readonly (readonly [string, FaultKind, number?, number?])[], string]>([
    [
      'calls are throttled, or meet a change in flight',
      [
        [CHANGE, 'throttle', 1, 1],
        ['ListResourceRecordSets', 'throttle', 1, 1],
      ],
      'mirrored',
    ],
    ['the first reply is lost', [[CHANGE, 'lost-reply', 1]], 'mirrored'],
    ['the reply to the deletes is lost', [[CHANGE, 'lost-reply', 2]], 'mirrored'],
    ['the reply to the SOA is lost', [[CHANGE, 'lost-reply', 3]], 'mirrored'],
    [
      'a server error',
      [
        [CHANGE, 'server-error', 1],
        ['GetChange', 'server-error', 1, 2],
      ],
      'mirrored',
    ],
    ['the deletes are denied', [[CHANGE, 'access-denied', 2]], 'failed'],
    ['the listing is denied', [['ListResourceRecordSets', 'access-denied', 1, 1]], 'failed'],
    ['the look whether it is in sync is denied', [['GetChange', 'access-denied', 1]], 'failed'],
  ])('%s', async (_what, wanted, outcome) => {
    const faults = wanted.map(([command, kind, nth, times]) => fault(command, kind, nth, times));
    const { bench, seen } = await createProbed(faults);
    bench.primary.serve(6, NEXT);

    const { line } = await bench.tick();
    expect(line).toMatchObject({ outcome, Blocked: outcome === 'failed' ? 1 : 0 });
    if (outcome === 'failed') {
      expect(await bench.alarm()).toBe('ALARM');
      expect((await bench.tick()).line).toMatchObject({ outcome: 'mirrored' });
    }

    expect(await bench.serial()).toBe(6);
    const { missing, probes } = seen();
    expect(probes).toBeGreaterThan(5);
    expect(missing).toEqual([]);
    await expectConverged(bench);
    expect(await bench.alarm()).toBe('OK');
  });
});

describe('F27 the time of the function is over', () => {
  it('while it waits for Route 53: it says so, the next runs go on, no name is missing', async () => {
    const { bench, seen } = await createProbed([]);
    await setTimeoutOf(bench, 20);
    bench.primary.serve(6, NEXT);

    const outcomes: unknown[] = [];
    for (let run = 0; run < 4 && (await bench.serial()) !== 6; run++) {
      const { line } = await bench.tick();
      outcomes.push([line.outcome, findingsOf(line)[0]?.code]);
    }

    expect(outcomes.slice(0, -1)).toEqual(outcomes.slice(0, -1).map(() => ['failed', 'out-of-time']));
    expect(outcomes.length).toBeGreaterThan(1);
    expect(outcomes.at(-1)).toEqual(['mirrored', undefined]);
    expect((await bench.log()).join('')).not.toContain('timed out after');
    expect(seen().missing).toEqual([]);
    await setTimeoutOf(bench, 300);
    await expectConverged(bench);
  });

  it('in the middle of a large first load: Lambda kills it, the next run goes on', async () => {
    const { bench, seen } = await createProbed([fault(CHANGE, 'latency:8000', 2)]);
    await setTimeoutOf(bench, 7);
    bench.primary.serve(6, [...RECORDS, ...LARGE]);

    await bench.estate.account.advance(5 * 60_000);
    expect((await bench.log()).join('')).toContain('timed out after 7.00 seconds');
    expect(await bench.serial()).toBe(5);
    const written = (await bench.sets()).length;
    expect(written).toBeGreaterThan(RECORDS.length);

    await setTimeoutOf(bench, 300);
    expect((await bench.tick()).line).toMatchObject({ outcome: 'mirrored', serialTo: 6 });
    expect(await bench.sets()).toHaveLength(RECORDS.length + LARGE.length);
    expect(seen().missing).toEqual([]);
    await expectConverged(bench);
  });
});

describe('F27 two runs at once', () => {
  it('get in each other’s way, and no name is missing for it', async () => {
    const { bench, seen } = await createProbed([]);
    bench.primary.serve(6, NEXT);

    const runs = await Promise.all([bench.invoke(EVENT), bench.invoke(EVENT)]);
    for (const { answer } of runs) {
      expect(['mirrored', 'unchanged', 'failed']).toContain((answer as { outcome: string }).outcome);
    }

    expect((await bench.tick()).line).toMatchObject({ Blocked: 0, serialTo: 6 });
    expect(seen().missing).toEqual([]);
    await expectConverged(bench);
  });
});

describe('F26 one bad change in a thousand', () => {
  it('the others are written, it is reported in Route 53’s words, and the serial stays', async () => {
    const theirs = { Name: 'www.z.test', Type: 'A', TTL: 300, ResourceRecords: [{ Value: '10.6.6.6' }] } as const;
    // Somebody else is quicker by a moment: the old set is not what it was.
    const { bench, seen } = await createProbed([fault(CHANGE, `latency:${MEANWHILE}`)], ({ change }) =>
      change('UPSERT', { ...theirs, ResourceRecords: [...theirs.ResourceRecords] }),
    );
    bench.primary.serve(6, [NS1, WWW.replace('10.0.0.2', '10.0.0.22'), ...LARGE.slice(0, 999)]);

    const { line } = await bench.tick();

    expect(line).toMatchObject({ outcome: 'failed', Blocked: 1, findings: [{ code: 'not-written' }] });
    expect(JSON.stringify(findingsOf(line)[0])).toMatch(
      /Route 53 refuses www\.z\.test\.: .*values provided do not match/,
    );
    const sets = await bench.sets();
    expect(sets.filter((text) => /^h\d/.test(text))).toHaveLength(999);
    expect(sets).toContain('www.z.test. A 10.6.6.6');
    expect([seen().missing, await bench.serial()]).toEqual([[], 5]);

    expect((await bench.tick()).line).toMatchObject({ outcome: 'mirrored', Changed: 1, serialTo: 6 });
    expect(seen().missing).toEqual([]);
    await expectConverged(bench);
  });
});
