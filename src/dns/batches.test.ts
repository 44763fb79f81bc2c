import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../test/support/mutations.ts';
import { below, ORIGIN, wireName } from '../../test/support/zones.ts';
import { bisectBatch, packBatches } from './batches.ts';
import type { Batch, Packing } from './batches.ts';
import { compareRRsets, diffZones } from './diff.ts';
import { formatName } from './name.ts';
import { MAX_BATCH_CHARACTERS, MAX_BATCH_ELEMENTS } from './route53.ts';
import { RR, typeName } from './rr-types.ts';
import type { RRset } from './types.ts';

function nameOf(text: string): string {
  return text === '@' ? ORIGIN : text.split('.').reduceRight((name, label) => below(label, name), ORIGIN);
}

function a(name: string, last = 1, count = 1): RRset {
  const rdata = Array.from({ length: count }, (_, index) => String.fromCharCode(10, index >> 8, index & 255, last));
  return { name: nameOf(name), type: RR.A, ttl: 60, rdata };
}

function cname(name: string, target: string): RRset {
  return { name: nameOf(name), type: RR.CNAME, ttl: 60, rdata: [nameOf(target)] };
}

function ns(name: string, ...targets: readonly string[]): RRset {
  return { name: nameOf(name), type: RR.NS, ttl: 60, rdata: targets.map(nameOf) };
}

function ds(name: string): RRset {
  return { name: nameOf(name), type: RR.DS, ttl: 60, rdata: ['\x01'.repeat(36)] };
}

/** One TXT of several values, each of 254 characters when sent, quotes included. */
function txt(name: string, count: number, mark = 'x'): RRset {
  const rdata = Array.from({ length: count }, (_, index) => `\xfc${String(index).padStart(5, '0')}${mark.repeat(247)}`);
  return { name: nameOf(name), type: RR.TXT, ttl: 60, rdata };
}

function pack(before: readonly RRset[], after: readonly RRset[], limits?: { elements: number; characters: number }) {
  const [old, wanted] = [before.toSorted(compareRRsets), after.toSorted(compareRRsets)];
  const options = { origin: ORIGIN, before: old, after: wanted, ...(limits === undefined ? {} : { limits }) };
  return packBatches(diffZones(old, wanted).changes, options);
}

function textOf(packing: Packing): string[][] {
  return packing.phases.flatMap(({ code, batches }) =>
    batches.map(({ changes }) => [
      code,
      ...changes.map(({ action, set }) => {
        const name = formatName(set.name, 'decimal').replace(/\.?z\.test\.$/, '');
        return `${action} ${name || '@'} ${typeName(set.type)}`;
      }),
    ]),
  );
}

/** What the two limits of a request allow at best. */
function boundOf(batches: readonly Batch[]): number {
  const elements = batches.reduce((sum, batch) => sum + batch.elements, 0);
  const characters = batches.reduce((sum, batch) => sum + batch.characters, 0);
  return Math.max(Math.ceil(elements / MAX_BATCH_ELEMENTS), Math.ceil(characters / MAX_BATCH_CHARACTERS));
}

describe('packBatches', () => {
  it.each([
    { what: 'nothing for no change', before: [a('www')], after: [a('www')], batches: [] },
    { what: 'an addition', before: [], after: [a('www')], batches: [['write', 'CREATE www A']] },
    { what: 'a removal in the phase of deletes', before: [a('www')], after: [], batches: [['delete', 'DELETE www A']] },
    {
      what: 'a change as an exchange that fails when somebody else wrote',
      before: [a('www', 1)],
      after: [a('www', 2)],
      batches: [['write', 'DELETE www A', 'CREATE www A']],
    },
    {
      what: 'CNAME and address of a name in one batch, the DELETE first',
      before: [cname('www', 'a')],
      after: [a('www')],
      batches: [['write', 'DELETE www CNAME', 'CREATE www A']],
    },
    {
      what: 'additions before pure deletions',
      before: [a('old')],
      after: [a('new')],
      batches: [
        ['write', 'CREATE new A'],
        ['delete', 'DELETE old A'],
      ],
    },
    {
      what: 'a type that goes from a name that stays in the first phase',
      before: [a('www'), txt('www', 1)],
      after: [a('www', 2)],
      batches: [['write', 'DELETE www TXT', 'DELETE www A', 'CREATE www A']],
    },
    {
      what: 'a delegation that goes as one group, the NS last',
      before: [ns('sub', 'ns.sub'), ds('sub'), a('ns.sub')],
      after: [],
      batches: [['delete', 'DELETE ns.sub A', 'DELETE sub DS', 'DELETE sub NS']],
    },
    {
      what: 'the apex NS by UPSERT, since it cannot be deleted',
      before: [ns('@', 'a')],
      after: [ns('@', 'b')],
      batches: [['write', 'UPSERT @ NS']],
    },
  ])('gives $what', ({ before, after, batches }) => {
    expect(textOf(pack(before, after))).toEqual(batches);
  });

  const tight = { elements: 5, characters: 200 };

  it('keeps NS, DS and glue of a delegation in one batch', () => {
    const others = [a('a'), a('b'), a('c'), a('d'), a('t')];
    const after = [...others, ns('sub', 'ns.sub', 'ns.other'), ds('sub'), a('ns.sub')];
    const together = textOf(pack([], after, tight)).find((batch) => batch.includes('CREATE sub NS'));
    expect(together).toEqual(expect.arrayContaining(['CREATE sub NS', 'CREATE sub DS', 'CREATE ns.sub A']));
  });

  it('F26 puts new names below a wildcard into the batch of what hides them from it', () => {
    const before = [a('*')];
    const after = [a('*'), a('b', 2), a('x.a.b', 2), a('y.b', 2), a('1'), a('2'), a('3'), a('4')];
    const batches = textOf(pack(before, after, tight));
    expect(batches).toHaveLength(2);
    expect(batches.find((batch) => batch.includes('CREATE b A'))).toEqual(
      expect.arrayContaining(['CREATE y.b A', 'CREATE x.a.b A']),
    );
    expect(pack(before, after, tight).uncoupled).toEqual([]);
  });

  it('F26 puts names that go below a new wildcard into one batch: the last of them keeps it from answering', () => {
    const before = [a('x.b'), a('y.b'), ...['1', '2', '3', '4', '5'].map((name) => a(name))];
    const batches = textOf(pack(before, [a('*')], tight)).filter(([phase]) => phase === 'delete');
    expect(batches).toHaveLength(2);
    expect(batches.find((batch) => batch.includes('DELETE x.b A'))).toContain('DELETE y.b A');
  });

  it('F26 lets a delegation and the data that takes its place change hands in one batch', () => {
    const before = [ns('sub', 'ns.sub'), a('ns.sub')];
    const after = [a('sub'), a('www.sub'), a('1'), a('2'), a('3'), a('4')];
    const together = textOf(pack(before, after, tight)).find((batch) => batch.includes('DELETE sub NS'));
    expect(together).toEqual(expect.arrayContaining(['DELETE ns.sub A', 'CREATE sub A', 'CREATE www.sub A']));
  });

  it('reports the node where names below a wildcard do not fit into one batch', () => {
    const after = [a('*'), ...Array.from({ length: 6 }, (_, index) => a(`${index}.b`))];
    const packing = pack([a('*')], after, tight);
    expect(packing.uncoupled).toEqual([nameOf('b')]);
    expect(packing.phases[0]?.batches).toHaveLength(2);
  });

  it('reports what is larger than a batch alone, by name, and packs the rest', () => {
    const after = [a('www'), txt('big', 130)];
    const packing = pack([], after);
    expect(packing.tooLarge).toEqual([{ names: [nameOf('big')], elements: 130, characters: 130 * 254 }]);
    expect(textOf(packing)).toEqual([['write', 'CREATE www A']]);
  });

  it('overwrites only where the exchange of old and new is over a limit', () => {
    const packing = pack([txt('www', 100)], [txt('www', 60, 'y')]);
    expect(textOf(packing)).toEqual([['write', 'UPSERT www TXT']]);
    expect(packing.phases[0]?.batches[0]).toMatchObject({ elements: 120, characters: 120 * 254 });
  });

  it.each([
    { what: '1,000 elements in one batch', sets: [a('x', 1, 400), a('y', 1, 400), a('w', 1, 200)], batches: 1 },
    { what: '1,001 elements in two', sets: [a('x', 1, 400), a('y', 1, 400), a('w', 1, 201)], batches: 2 },
    { what: '31,750 characters in one batch', sets: [txt('x', 100), txt('y', 25)], batches: 1 },
    { what: '32,004 characters in two', sets: [txt('x', 100), txt('y', 26)], batches: 2 },
  ])('puts $what', ({ sets, batches }) => {
    expect(pack([], sets).phases[0]?.batches).toHaveLength(batches);
  });

  it('counts the sets that are there at the fullest moment', () => {
    expect(pack([a('a'), a('b'), a('c')], [a('d'), a('e'), cname('c', 'd')]).peakGrowth).toBe(2);
    expect(pack([a('a')], []).peakGrowth).toBe(0);
  });

  it('gives the same batches for the same changes', () => {
    const after = Array.from({ length: 3_000 }, (_, index) => (index % 3 ? a(`h${index}`) : txt(`t${index}`, 1)));
    expect(textOf(pack([], after))).toEqual(textOf(pack([], after)));
  });

  it.each([
    { what: 'addresses', make: (index: number) => a(`h${index}`) },
    { what: 'long texts', make: (index: number) => txt(`t${index}`, 1 + (index % 3)) },
    { what: 'short and long values by turns', make: (i: number) => (i % 2 ? a(`h${i}`) : txt(`t${i}`, 1)) },
    { what: 'all short values before all long ones', make: (i: number) => (i < 6_000 ? a(`a${i}`) : txt(`z${i}`, 1)) },
    { what: 'sets of many values', make: (index: number) => a(`h${index}`, 1, 1 + ((index * 7) % 60)) },
  ])('stays within 2 % of the lower bound for $what', ({ make }) => {
    const after = Array.from({ length: 8_000 }, (_, index) => make(index));
    const batches = pack([], after).phases.flatMap((phase) => phase.batches);
    expect(batches.length).toBeLessThanOrEqual(boundOf(batches) * 1.02);
  });

  it.each([1, 2, 3, 4, 5])('stays within 2 %% of the lower bound in each phase for the changes of seed %i', (seed) => {
    const random = randomFrom(seed);
    const make = (index: number) =>
      random(3) > 0 ? a(`h${index}`, random(200), 1 + random(4)) : txt(`h${index}`, 1 + random(5), 'xyz'[random(3)]);
    const before = Array.from({ length: 4_000 }, (_, index) => make(index));
    const after = Array.from({ length: 5_000 }, (_, index) => make(index + 1_000));

    const { phases } = pack(before, after);

    expect(phases.map(({ code }) => code)).toEqual(['write', 'delete']);
    expect(phases.filter(({ batches }) => batches.length > boundOf(batches) * 1.02)).toEqual([]);
  });

  it('packs 100,000 changes', () => {
    const sets = Array.from({ length: 100_000 }, (_, index) => a(`h${index}`));
    expect(pack([], sets).phases[0]?.batches).toHaveLength(100);
  });
});

describe('bisectBatch', () => {
  it('F26 halves a batch between groups until the culprit stands alone', () => {
    const after = [a('a'), a('b'), ns('sub', 'ns.sub'), a('ns.sub'), a('x')];
    const [batch] = pack([], after).phases[0]!.batches;
    const queue = [batch!];
    const alone: string[][] = [];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const halves = bisectBatch(next);
      if (halves === undefined) alone.push(next.changes.map(({ set }) => set.name));
      else queue.push(...halves);
    }
    expect(alone).toHaveLength(4);
    expect(alone).toContainEqual([nameOf('sub'), nameOf('ns.sub')]);
  });

  it('counts the halves', () => {
    const [batch] = pack([], [a('a'), a('b', 1, 3), wide()]).phases[0]!.batches;
    const [first, second] = bisectBatch(batch!)!;
    expect(first.elements + second.elements).toBe(batch!.elements);
    expect(first.characters + second.characters).toBe(batch!.characters);
  });
});

function wide(): RRset {
  return { name: below('w', wireName('z', 'test')), type: RR.TXT, ttl: 1, rdata: ['\x02\xff\xff'] };
}
