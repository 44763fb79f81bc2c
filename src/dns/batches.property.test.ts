import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { below, names, ORIGIN, zonePairs } from '../../test/support/zones.ts';
import { packBatches } from './batches.ts';
import type { Batch, Packing } from './batches.ts';
import { diffZones, zoneDigest, compareRRsets } from './diff.ts';
import { selectMirrored } from './mirror/select-mirrored.ts';
import { isAtOrBelow } from './name.ts';
import { fromRoute53, toRoute53 } from './route53.ts';
import { RR } from './rr-types.ts';
import type { RRset, WireName, Zone } from './types.ts';

const SMALL = { elements: 20, characters: 700 };

/** Record sets by name and type; a batch takes effect wholly or throws, as ChangeResourceRecordSets does. */
class HostedZone {
  #sets: Map<string, string>;

  constructor(sets: readonly RRset[]) {
    this.#sets = new Map(sets.map((set) => [keyOf(set), textOf(set)]));
  }

  apply(batch: Batch, limits: typeof SMALL): void {
    const sets = new Map(this.#sets);
    let elements = 0;
    let characters = 0;
    for (const { action, set } of batch.changes) {
      const factor = action === 'UPSERT' ? 2 : 1;
      const values = toRoute53(set).ResourceRecords.map(({ Value }) => Value);
      elements += factor * values.length;
      characters += factor * values.join('').length;
      const found = sets.get(keyOf(set));
      if (action === 'CREATE' && found !== undefined) throw new Error(`${textOf(set)} is there already`);
      if (action === 'DELETE' && found !== textOf(set)) throw new Error(`${textOf(set)} is not there: ${found}`);
      if (action === 'DELETE') sets.delete(keyOf(set));
      else sets.set(keyOf(set), textOf(set));
    }
    if (elements > limits.elements || characters > limits.characters) throw new Error('The batch is too large.');
    if (elements !== batch.elements || characters !== batch.characters) throw new Error('The batch is miscounted.');
    this.#sets = sets;
    refuseCnameConflicts(this.list());
  }

  list(): RRset[] {
    return [...this.#sets.values()].flatMap((text) => fromRoute53(JSON.parse(text)) ?? []).sort(compareRRsets);
  }
}

function keyOf(set: RRset): string {
  return `${set.type} ${set.name}`;
}

function textOf(set: RRset): string {
  return JSON.stringify(toRoute53(set));
}

function refuseCnameConflicts(sets: readonly RRset[]): void {
  for (const { name } of sets.filter(({ type }) => type === RR.CNAME)) {
    if (sets.filter((set) => set.name === name).length > 1) throw new Error(`A CNAME beside other data at ${name}`);
  }
}

function contentOf(zone: Zone): readonly RRset[] {
  return selectMirrored(zone, {
    exclude: [],
    unsupportedTypes: 'skip',
    apexNs: 'keep',
    allowUnsignedMirror: false,
    partial: true,
  }).sets;
}

/** Does the zone answer for the name: by data, by a delegation, or by a wildcard (RFC 4592)? */
function answerer(sets: readonly RRset[]): (name: WireName) => boolean {
  const owners = new Set(sets.map(({ name }) => name));
  const cuts = new Set(sets.filter(({ type }) => type === RR.NS).map(({ name }) => name));
  const nodes = new Set([...owners].flatMap((name) => [...upward(name)]));
  return (name) => {
    if (owners.has(name) || [...upward(name)].some((node) => cuts.has(node))) return true;
    const encloser = [...upward(name)].find((node) => nodes.has(node)) ?? ORIGIN;
    return encloser !== name && owners.has(below('*', encloser));
  };
}

function* upward(name: WireName): Generator<WireName> {
  for (let node = name; node.length >= ORIGIN.length; node = node.slice(1 + node.charCodeAt(0))) yield node;
}

function run(hosted: HostedZone, packing: Packing, limits: typeof SMALL, observe: () => void): void {
  for (const batch of packing.phases.flatMap((phase) => phase.batches)) {
    hosted.apply(batch, limits);
    observe();
  }
}

const LIMITS = [
  ['the limits of Route 53', undefined],
  ['small limits', SMALL],
] as const;

describe.each(LIMITS)('any two zones, with %s', (_, limits) => {
  const effective = limits ?? { elements: 1_000, characters: 32_000 };
  const options = limits === undefined ? {} : { limits };

  it('F27 diff, batches and their execution lead to the wanted zone, and no name is missing in between', () => {
    fc.assert(
      fc.property(zonePairs(), fc.array(names()), (pair, strangers) => {
        const [before, after] = [contentOf(pair.before), contentOf(pair.after)];
        const packing = packBatches(diffZones(before, after).changes, { ...options, before, after });
        const stuck = new Set(packing.tooLarge.flatMap((group) => group.names));
        const [answeredBefore, answeredAfter] = [answerer(before), answerer(after)];
        const probes = [...before, ...after].flatMap(({ name }) => [name, below('q', name)]);
        const mayFlicker = [...packing.uncoupled, ...stuck];
        const steady = [...probes, ...strangers].filter(
          (name) => answeredBefore(name) && answeredAfter(name) && !mayFlicker.some((node) => isAtOrBelow(name, node)),
        );

        const hosted = new HostedZone(before);
        run(hosted, packing, effective, () => {
          const answered = answerer(hosted.list());
          expect(steady.filter((name) => !answered(name))).toEqual([]);
        });

        const free = ({ name }: RRset) => !stuck.has(name);
        expect(zoneDigest(hosted.list().filter(free))).toBe(zoneDigest(after.filter(free)));
      }),
      { numRuns: 500 },
    );
  });

  it('F27 a run that was cut off after any batch is finished by the next one', () => {
    fc.assert(
      fc.property(zonePairs(), fc.nat(), (pair, cut) => {
        const [before, after] = [contentOf(pair.before), contentOf(pair.after)];
        const packing = packBatches(diffZones(before, after).changes, { ...options, before, after });
        fc.pre(packing.tooLarge.length === 0);
        const batches = packing.phases.flatMap((phase) => phase.batches);
        const hosted = new HostedZone(before);
        for (const batch of batches.slice(0, cut % (batches.length + 1))) hosted.apply(batch, effective);

        const second = packBatches(diffZones(hosted.list(), after).changes, {
          ...options,
          before: hosted.list(),
          after,
        });
        run(hosted, second, effective, () => undefined);
        expect(zoneDigest(hosted.list())).toBe(zoneDigest(after));
        expect(diffZones(hosted.list(), after)).toEqual({ changes: [], unchanged: after.length });
      }),
      { numRuns: 150 },
    );
  });
});
