import { describe, expect, it, onTestFinished } from 'vitest';
import { type Script, startScriptedPrimary } from '../../../test/support/scripted-primary.ts';
import { record, reply, soa } from '../../../test/support/wire.ts';
import type { Aws } from '../../aws/clients.ts';
import { RR } from '../../dns/rr-types.ts';
import type { WireRecord } from '../../dns/types.ts';
import { frame } from '../../dns/wire/frames.ts';
import type { Place } from '../../engine/types.ts';
import { createSourceReader, SourceFailure } from './source.ts';
import type { SourceProperties } from './types.ts';

const PLACE: Place = { account: '111122223333', region: 'eu-west-1' };
const NS = record('@ 300 NS ns1');

/** No AWS: nothing here is signed, so that no secret is read. */
const NO_AWS = {} as Aws;

/** Answers SOA with the one serial and AXFR with the version of the other; `owner` tells whose version it is. */
function serving(owner: string, says: number, sends = says): Script {
  const mark: WireRecord = record(`${owner} 300 TXT "${sends}"`);
  return (query) => {
    const answers = query.question?.type === RR.SOA ? [soa(says)] : [soa(sends), NS, mark, soa(sends)];
    return [frame(reply(query, answers))];
  };
}

/** Says the serial, and then does something else than send the zone. */
function failing(serial: number, instead: Script): Script {
  return (query, attempt, bytes) =>
    query.question?.type === RR.SOA ? [frame(reply(query, [soa(serial)]))] : instead(query, attempt, bytes);
}

const refused: Script = (query) => [frame(reply(query, [], { flags: 0x8405 }))];
const truncated: Script = (query) => [frame(reply(query, [soa(9), NS])), 'end'];
const broken: Script = (query) => [frame(reply(query, [NS]))];

/** `undefined`: nothing listens there. */
async function start(...scripts: readonly (Script | undefined)[]) {
  const primaries = await Promise.all(
    scripts.map(async (script) => {
      const primary = await startScriptedPrimary(script ?? (() => []));
      if (script === undefined) await primary.close();
      else onTestFinished(() => primary.close());
      return `${primary.host}:${primary.port}`;
    }),
  );
  const source: SourceProperties = { Domain: 'z.test.', Primaries: primaries, Via: 'auto' };
  const name = (address: string): number => primaries.indexOf(address);
  async function read() {
    const { primary, zone, soa: used, lagging } = await createSourceReader(NO_AWS, {}).zone(source, PLACE);
    const marks = zone.rrsets.filter(({ type }) => type === RR.TXT).map((set) => set.name.slice(1, 2));
    return { primary: name(primary), serial: used.serial, marks, lagging: lagging.map(name) };
  }
  return { read, source };
}

async function failureOf(read: Promise<unknown>): Promise<SourceFailure> {
  const error: unknown = await read.catch((reason: unknown) => reason);
  if (error instanceof SourceFailure) return error;
  throw new Error(`a SourceFailure was expected, not ${String(error)}`);
}

describe('a source with several primaries', () => {
  it.each([
    {
      what: 'takes the highest serial',
      scripts: [serving('a', 7), serving('b', 9), serving('c', 8)],
      wanted: { primary: 1, serial: 9, marks: ['b'], lagging: [0, 2] },
    },
    {
      what: 'takes 1 for newer than 2^32 - 1',
      scripts: [serving('a', 2 ** 32 - 1), serving('b', 1)],
      wanted: { primary: 1, serial: 1, marks: ['b'], lagging: [0] },
    },
    {
      what: 'takes the first of equals',
      scripts: [serving('a', 7), serving('b', 7)],
      wanted: { primary: 0, serial: 7, marks: ['a'], lagging: [] },
    },
    {
      what: 'goes by where nothing listens',
      scripts: [undefined, serving('b', 9)],
      wanted: { primary: 1, serial: 9, marks: ['b'], lagging: [0] },
    },
    {
      what: 'goes by one that refuses the SOA',
      scripts: [refused, serving('b', 9)],
      wanted: { primary: 1, serial: 9, marks: ['b'], lagging: [0] },
    },
    {
      what: 'takes the next where the transfer is refused',
      scripts: [failing(9, refused), serving('b', 9), serving('c', 9)],
      wanted: { primary: 1, serial: 9, marks: ['b'], lagging: [0] },
    },
    {
      what: 'takes the next where the transfer ends early',
      scripts: [failing(9, truncated), serving('b', 8)],
      wanted: { primary: 1, serial: 8, marks: ['b'], lagging: [0] },
    },
    {
      what: 'takes the next where the transfer breaks the protocol',
      scripts: [failing(9, broken), serving('b', 9)],
      wanted: { primary: 1, serial: 9, marks: ['b'], lagging: [0] },
    },
    {
      what: 'takes another where one sends less than it said',
      scripts: [serving('a', 9, 6), serving('b', 8)],
      wanted: { primary: 1, serial: 8, marks: ['b'], lagging: [0] },
    },
    {
      what: 'asks no other where none said more than was sent',
      scripts: [serving('a', 9, 8), serving('b', 8)],
      wanted: { primary: 0, serial: 8, marks: ['a'], lagging: [] },
    },
    {
      what: 'takes the newest of what came where all send less',
      scripts: [serving('a', 9, 4), serving('b', 8, 6), serving('c', 7, 5)],
      wanted: { primary: 1, serial: 6, marks: ['b'], lagging: [0, 2] },
    },
    {
      what: 'takes what has moved on meanwhile',
      scripts: [serving('a', 9, 10), serving('b', 9)],
      wanted: { primary: 0, serial: 10, marks: ['a'], lagging: [] },
    },
  ])('F28 $what', async ({ scripts, wanted }) => {
    const { read } = await start(...scripts);

    expect(await read()).toEqual(wanted);
  });

  it('F28 converges in the first good run', async () => {
    let isDown = true;
    const flapping: Script = (query, attempt, bytes) =>
      isDown ? truncated(query, attempt, bytes) : serving('a', 9)(query, attempt, bytes);
    const { read } = await start(
      failing(9, (...query) => flapping(...query)),
      undefined,
    );
    await failureOf(read());
    isDown = false;

    expect(await read()).toEqual({ primary: 0, serial: 9, marks: ['a'], lagging: [1] });
  });

  it.each([
    { what: 'an answer before silence', scripts: [undefined, refused], says: 'REFUSED', reachable: true },
    {
      what: 'the first of several answers',
      scripts: [failing(8, truncated), failing(9, refused)],
      says: 'REFUSED',
      reachable: true,
    },
    { what: 'the silence of all', scripts: [undefined, undefined], says: 'ECONNREFUSED', reachable: false },
  ])('gives as the reason $what', async ({ scripts, says, reachable }) => {
    const { read } = await start(...scripts);
    const error = await failureOf(read());

    expect(error.message).toContain(says);
    expect(error.reachable).toBe(reachable);
  });

  it('hints at all that a response code may mean', async () => {
    const { read } = await start(refused);

    const { hint } = await failureOf(read());

    expect(hint).toContain('allow-query');
    expect(hint).toContain('TSIG key');
    expect(hint).toContain('exactly this name');
  });

  it('remembers what it was told for as long as the command runs', async () => {
    let serial = 5;
    const { source } = await start((query, attempt, bytes) => serving('a', serial)(query, attempt, bytes));
    const reader = createSourceReader(NO_AWS, {});
    expect((await reader.soa(source, PLACE)).soa.serial).toBe(5);
    serial = 6;

    expect((await reader.soa(source, PLACE)).soa.serial).toBe(5);
    expect((await createSourceReader(NO_AWS, {}).soa(source, PLACE)).soa.serial).toBe(6);
  });
});
