import { describe, expect, it, onTestFinished } from 'vitest';
import { RR } from '../src/dns/rr-types.ts';
import type { WireRecord } from '../src/dns/types.ts';
import { frame } from '../src/dns/wire/frames.ts';
import type { Message } from '../src/dns/wire/message.ts';
import { createEstate, mirror } from './support/estate.ts';
import { type Script, type Step, startScriptedPrimary } from './support/scripted-primary.ts';
import { record, reply, soa } from './support/wire.ts';

const NS = record('@ 300 NS ns1');
const WWW = record('www 300 A 10.0.0.1');
const VPN = record('vpn 300 A 10.0.0.2');
const NEW = record('new 300 A 10.0.0.3');

/** Version 6: `vpn` has gone and `new` has come. In three messages. */
function newVersion(query: Message): Buffer {
  const messages: readonly WireRecord[][] = [[soa(6), NS], [WWW, NEW], [soa(6)]];
  return Buffer.concat(messages.map((answers) => frame(reply(query, answers))));
}

/** A mirror that holds version 5; the primary says 6 and answers transfers with what `answer` gives. */
async function createMirror() {
  const estate = await createEstate();
  let serial = 5;
  let answer: Script = (query) => [frame(reply(query, [soa(5), NS, WWW, VPN, soa(5)]))];
  const primary = await startScriptedPrimary((query, attempt, bytes) =>
    query.question?.type === RR.SOA ? [frame(reply(query, [soa(serial)]))] : answer(query, attempt, bytes),
  );
  onTestFinished(() => primary.close());
  estate.write('z.yaml', mirror(estate, [], 'z', 'z.test').replace(estate.primary, `127.0.0.1:${primary.port}`));
  expect((await estate.apply()).outcome).toBe('applied');
  return {
    estate,
    answerWith(next: (query: Message) => readonly Step[]): void {
      serial = 6;
      answer = (query) => next(query);
    },
  };
}

const one = (query: Message, answers: readonly WireRecord[], changes = {}): Step[] => [
  frame(reply(query, answers, changes)),
];

describe('F28 a transfer that fails changes nothing, and one good run converges', () => {
  it.each<{ what: string; steps: (query: Message) => readonly Step[] }>([
    { what: 'no closing SOA', steps: (query) => [...one(query, [soa(6), NS, WWW, NEW]), 'end'] },
    { what: 'FIN inside a frame', steps: (query) => [newVersion(query).subarray(0, 70), 'end'] },
    { what: 'a frame of no octets', steps: (query) => [...one(query, [soa(6), NS]), Buffer.alloc(2)] },
    { what: 'close at once', steps: () => ['end'] },
    { what: 'the SOA in the middle', steps: (query) => one(query, [soa(6), NS, soa(6), WWW, soa(6)]) },
    { what: 'records after the end', steps: (query) => one(query, [soa(6), NS, soa(6), WWW]) },
    { what: 'another record first', steps: (query) => one(query, [NS, soa(6), soa(6)]) },
    { what: 'TC', steps: (query) => one(query, [soa(6), NS, soa(6)], { flags: 0x8600 }) },
    { what: 'another id', steps: (query) => one(query, [soa(6), NS, soa(6)], { id: query.id ^ 1 }) },
    { what: 'an owner out of the zone', steps: (query) => one(query, [soa(6), { ...WWW, name: '\x01y\0' }, soa(6)]) },
    { what: 'a message that is none', steps: () => [frame(Buffer.from('no message'))] },
    {
      what: 'a response code after good records',
      steps: (query) => [...one(query, [soa(6), NS, WWW]), ...one(query, [], { flags: 0x8402 })],
    },
    { what: 'REFUSED', steps: (query) => one(query, [], { flags: 0x8405 }) },
  ])('$what', async ({ steps }) => {
    const { estate, answerWith } = await createMirror();
    const writes = estate.writes();
    answerWith(steps);

    const plan = await estate.plan();
    const applied = await estate.apply();
    expect(plan.complete).toBe(false);
    expect(plan.actions).toEqual([]);
    expect([applied.outcome, applied.done]).toEqual(['partial', []]);
    expect(estate.writes()).toBe(writes);

    answerWith((query) => [newVersion(query)]);
    expect((await estate.apply()).outcome).toBe('applied');
    expect((await estate.plan({ full: true })).actions).toEqual([]);
  });

  it('cut at every ninth octet', async () => {
    const { estate, answerWith } = await createMirror();
    const writes = estate.writes();
    let length = 100;
    let cuts = 0;
    for (let cut = 0; cut < length; cut += 9) {
      answerWith((query) => {
        length = newVersion(query).length;
        return [newVersion(query).subarray(0, cut), 'end'];
      });
      const plan = await estate.plan();
      expect([plan.complete, plan.actions, estate.writes()]).toEqual([false, [], writes]);
      cuts += 1;
    }

    expect(cuts).toBeGreaterThan(20);
    answerWith((query) => [newVersion(query)]);
    expect((await estate.apply()).outcome).toBe('applied');
  });
});
