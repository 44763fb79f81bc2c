import { diffZones } from '../../dns/diff.ts';
import { selectMirrored } from '../../dns/mirror/select-mirrored.ts';
import { foldName, formatName, isAtOrBelow } from '../../dns/name.ts';
import { readSoa } from '../../dns/rdata.ts';
import { RR, typeName } from '../../dns/rr-types.ts';
import type { RRset } from '../../dns/types.ts';
import type { SourceZone } from '../../resources/record-sets/source.ts';
import type { MirrorWorld } from './mirror-world.ts';
import type { Resolver } from './serial-memory.ts';

/** Answers that are compared, spread over the zone. */
const SAMPLE = 25;
/** Sets of which the sample is chosen. */
const CANDIDATES = 250;

/** What resolvers hear of the mirror, beside what the primary just sent. */
export async function compareAnswers(
  { target }: MirrorWorld,
  source: SourceZone,
  resolver: Resolver,
): Promise<{ readonly detail: string }> {
  const { Rules, Source } = target.properties;
  const [rdata] = (await resolver(Source.Domain, RR.SOA))?.rdata ?? [];
  if (rdata !== undefined && foldName(readSoa(rdata).mname) === foldName(source.soa.mname)) {
    throw new Error(
      `the resolver hands questions for ${Source.Domain} to the primary: a Route 53 Resolver rule comes before the private zone, remove it`,
    );
  }
  const { sets } = selectMirrored(source.zone, {
    exclude: Rules.Exclude,
    unsupportedTypes: Rules.UnsupportedTypes,
    apexNs: 'keep',
    allowUnsignedMirror: Rules.AllowUnsignedMirror,
    partial: true,
  });
  // At and below a delegation somebody else answers.
  const cuts = sets.filter(({ name, type }) => type === RR.NS && name !== source.zone.origin).map(({ name }) => name);
  const isOurs = ({ name }: RRset): boolean => !cuts.some((cut) => isAtOrBelow(name, cut));
  const sample = spread(spread(sets, CANDIDATES).filter(isOurs), SAMPLE);
  const others: string[] = [];
  for (const set of sample) {
    const answer = await resolver(set.name, set.type);
    // A resolver counts the TTL down.
    const same = answer !== undefined && diffZones([answer], [set], { ignoreTtl: true }).unchanged === 1;
    if (!same) others.push(`${formatName(set.name, 'decimal')} ${typeName(set.type)}`);
  }
  if (others.length === 0) return { detail: `${sample.length} answers of the mirror are those of the primary` };
  throw new Error(
    `${others.length} of ${sample.length} answers of the mirror are not those of the primary: ${others.join(', ')}`,
  );
}

function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)]).filter(
    (item) => item !== undefined,
  );
}
