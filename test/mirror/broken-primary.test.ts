import { describe, expect, it } from 'vitest';
import { RR } from '../../src/dns/rr-types.ts';
import { frame } from '../../src/dns/wire/frames.ts';
import type { Message } from '../../src/dns/wire/message.ts';
import { SECRET } from '../support/estate.ts';
import { NETWORK, RECORDS, REGION, TSIG, findingsOf, sharedMirrorBench } from '../support/mirror-bench.ts';
import type { Line, MirrorBench } from '../support/mirror-bench.ts';
import type { Step } from '../support/scripted-primary.ts';
import { record, reply, soa } from '../support/wire.ts';

const NEW = 'new 300 A 10.0.0.9';
const isSoa = ({ question }: Message): boolean => question?.type === RR.SOA;

/** Answers transfers so, and the SOA as usual. */
function transfers(steps: (query: Message) => readonly Step[]): (query: Message) => readonly Step[] | undefined {
  return (query) => (isSoa(query) ? undefined : steps(query));
}

function whole(query: Message): Buffer {
  return frame(reply(query, [soa(6), record('@ 300 NS ns1'), ...RECORDS.map(record), record(NEW), soa(6)]));
}

function expectFailed({ line, spent }: Awaited<ReturnType<MirrorBench['tick']>>, says: string): void {
  expect(line).toMatchObject({ outcome: 'failed', Blocked: 1 });
  expect(textOf(line)).toContain(says);
  expect(spent['route-53']?.writes ?? 0).toBe(0);
}

function textOf(line: Line): string {
  return JSON.stringify(findingsOf(line));
}

interface Failure {
  readonly what: string;
  readonly script: (query: Message) => readonly Step[] | undefined;
  readonly says: string;
}

const FAILURES: readonly Failure[] = [
  { what: 'a connection that is reset', script: () => ['reset'], says: 'ended before' },
  { what: 'REFUSED', script: (query) => [frame(reply(query, [], { flags: 0x8405 }))], says: 'REFUSED' },
  { what: 'SERVFAIL', script: (query) => [frame(reply(query, [], { flags: 0x8402 }))], says: 'SERVFAIL' },
  {
    what: 'a transfer that is refused',
    script: transfers((query) => [frame(reply(query, [], { flags: 0x8405 }))]),
    says: 'REFUSED',
  },
  {
    what: 'a transfer that is cut',
    script: transfers((query) => [whole(query).subarray(0, 90), 'end']),
    says: 'ended',
  },
  {
    what: 'no closing SOA',
    script: transfers((query) => [frame(reply(query, [soa(6), ...RECORDS.map(record)])), 'end']),
    says: 'ended',
  },
  {
    what: 'the SOA of another version at the end',
    script: transfers((query) => [frame(reply(query, [soa(6), ...RECORDS.map(record), soa(7)]))]),
    says: 'z.test',
  },
  {
    what: 'the records of another zone',
    script: transfers((query) => [
      frame(reply(query, [soa(6), { ...record('www 300 A 10.6.6.6'), name: '\x01y\0' }, soa(6)])),
    ]),
    says: 'z.test',
  },
  {
    what: 'octets that are no message',
    script: transfers(() => [frame(Buffer.from('no message'))]),
    says: 'malformed',
  },
  {
    what: 'a response code after good records',
    script: transfers((query) => [
      frame(reply(query, [soa(6), ...RECORDS.map(record)])),
      frame(reply(query, [], { flags: 0x8402 })),
    ]),
    says: 'SERVFAIL',
  },
];

describe('F28 a run with a broken primary', () => {
  const shared = sharedMirrorBench({ spec: [NETWORK] });

  it.each(FAILURES)('$what: failed, nothing is written, alarm; one good run converges', async ({ script, says }) => {
    const bench = shared();
    const [before, serial] = [await bench.sets(), await bench.serial()];
    bench.primary.serve(serial + 1, [...RECORDS, NEW]);
    bench.primary.misbehave(script);

    expectFailed(await bench.tick(), says);
    expect([await bench.alarm(), await bench.serial()]).toEqual(['ALARM', serial]);
    expect(await bench.sets()).toEqual(before);

    bench.primary.misbehave(undefined);
    expect((await bench.tick()).line).toMatchObject({ outcome: 'mirrored', Blocked: 0 });
    expect([await bench.alarm(), await bench.serial()]).toEqual(['OK', serial + 1]);
  });

  it('cut at every seventh octet: nothing is written', async () => {
    const bench = shared();
    const serial = await bench.serial();
    bench.primary.serve(serial + 1, [...RECORDS, NEW]);
    const writes = bench.estate.writes();
    let at = 0;
    bench.primary.misbehave(transfers((query) => [whole(query).subarray(0, at), 'end']));

    for (at = 0; at < 160; at += 7) {
      const { answer } = await bench.invoke({ action: 'mirror', document: 'ZoneMirror/corp' });
      expect([at, answer]).toMatchObject([at, { outcome: 'failed' }]);
    }
    expect(bench.estate.writes()).toBe(writes);
    bench.primary.misbehave(undefined);
    expect((await bench.tick()).line).toMatchObject({ Blocked: 0, serialTo: serial + 1 });
  });
});

describe('F28 a key that the primary does not take', () => {
  const shared = sharedMirrorBench({ spec: [NETWORK, TSIG] });

  it.each<[string, string, string]>([
    ['another secret', Buffer.from('another secret').toString('base64'), 'BADSIG'],
    ['no base64 at all', '', 'TSIG'],
  ])(
    '%s: failed, nothing is written, alarm; the right one is taken up by the next run',
    async (_what, secret, says) => {
      const bench = shared();
      const { account } = bench.estate;
      const serial = await bench.serial();
      bench.primary.serve(serial + 1, [...RECORDS, NEW]);
      if (secret === '') account.putSecret('ssm:/xfr', '!', REGION);
      else account.putSecret('ssm:/xfr', secret, REGION);

      const ran = await bench.tick();
      expectFailed(ran, says);
      expect(textOf(ran.line)).not.toContain(secret === '' ? '"!"' : secret.slice(0, 6));
      expect(await bench.alarm()).toBe('ALARM');

      account.putSecret('ssm:/xfr', SECRET.toString('base64'), REGION);
      // Without waiting for the secret's five minutes.
      expect((await bench.invoke({ action: 'mirror', document: 'ZoneMirror/corp' })).answer).toMatchObject({
        outcome: 'mirrored',
        serial: { to: serial + 1 },
      });
      await bench.tick();
    },
  );

  it('T80 an answer without a signature: never a downgrade', async () => {
    const bench = shared();
    const serial = await bench.serial();
    bench.primary.serve(serial + 1, RECORDS);
    bench.primary.misbehave(transfers((query) => [whole(query)]));

    expectFailed(await bench.tick(), 'not signed');
    bench.primary.misbehave(undefined);
  });
});

describe('F28 a primary that is silent', () => {
  const shared = sharedMirrorBench({ spec: [NETWORK, 'function: { timeout: 4s }'] });

  it.each<[string, (query: Message) => readonly Step[] | undefined]>([
    ['at once', () => []],
    ['when it is to transfer', transfers(() => [])],
    ['in the middle of a frame', transfers((query) => [whole(query).subarray(0, 60)])],
  ])('%s: the run ends in time, and says that it had none left', async (_when, script) => {
    const bench = shared();
    const serial = await bench.serial();
    bench.primary.serve(serial + 1, [...RECORDS, NEW]);
    bench.primary.misbehave(script);

    expectFailed(await bench.tick(), 'out-of-time');
    expect(await bench.alarm()).toBe('ALARM');
    expect((await bench.log()).join('')).not.toContain('timed out after');
    bench.primary.misbehave(undefined);
  });

  it('for a moment: the next run is good', async () => {
    const bench = shared();
    bench.primary.serve(5, RECORDS);
    expect((await bench.tick()).line).toMatchObject({ outcome: 'unchanged' });
    expect(await bench.alarm()).toBe('OK');
  });
});
