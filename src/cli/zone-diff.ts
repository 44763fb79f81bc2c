import { existsSync } from 'node:fs';
import { diffZones } from '../dns/diff.ts';
import { RR } from '../dns/rr-types.ts';
import type { RRset, Zone } from '../dns/types.ts';
import { exportZone, findMirror } from '../operations/zone-export.ts';
import { EXIT } from './exit-codes.ts';
import { createOutput, openReportFile } from './output.ts';
import type { Output } from './output.ts';
import { commandOptions, withSession } from './session.ts';
import type { SharedFlags } from './session.ts';
import { readZoneFile } from './zone-file.ts';
import { changesOf } from './zone-json.ts';

export interface ZoneDiffFlags extends SharedFlags {
  readonly detailedExitcode?: boolean;
}

const HINT = 'name a master file, or a mirror';

/** Each side is a master file, or the name of a mirror: what Route 53 holds for it. */
export async function runZoneDiff(a: string, b: string, flags: ZoneDiffFlags): Promise<number> {
  if (existsSync(a) && existsSync(b)) {
    return print(await readZoneFile(a, HINT), await readZoneFile(b, HINT), createOutput(flags), flags, isNotSoa);
  }
  return withSession(flags, async (session) => {
    const mirrors = [a, b]
      .filter((side) => !existsSync(side))
      .map((side) => findMirror(session.project, side, 'no file and no ZoneMirror'));
    const keepsApexNs = mirrors.some(({ spec }) => spec.apexNs === 'keep');
    const load = async (side: string): Promise<Zone> =>
      existsSync(side)
        ? readZoneFile(side, HINT)
        : (await exportZone(session.project, side, commandOptions(flags, session))).zone;
    const isCompared: Filter = (set, zone) => isNotSoa(set, zone) && !(keepsApexNs && isApex(set, zone, RR.NS));
    return print(await load(a), await load(b), session.output, flags, isCompared);
  });
}

function print(before: Zone, after: Zone, output: Output, flags: ZoneDiffFlags, isCompared: Filter): number {
  const compared = (zone: Zone): readonly RRset[] => zone.rrsets.filter((set) => isCompared(set, zone));
  const { changes, unchanged } = diffZones(compared(before), compared(after));
  const records = changesOf(changes);
  const count = (action: string): number => records.filter((record) => record.action === action).length;
  const document = {
    format: 'trueup/zone-diff@1',
    add: count('add'),
    change: count('change'),
    remove: count('remove'),
    unchanged,
    records,
  };
  if (flags.out !== undefined) openReportFile(flags.out).write(document);
  output.result(document, () => describe(document), EXIT.ok);
  return flags.detailedExitcode && changes.length > 0 ? EXIT.changes : EXIT.ok;
}

/** Which sets the planner compares: the SOA is no change, its serial follows the others; `apexNs: keep` leaves the NS. */
type Filter = (set: RRset, zone: Zone) => boolean;

function isApex(set: RRset, zone: Zone, type: number): boolean {
  return set.name === zone.origin && set.type === type;
}

function isNotSoa(set: RRset, zone: Zone): boolean {
  return !isApex(set, zone, RR.SOA);
}

type Described = Pick<ReturnType<typeof changesOf>[number], 'action' | 'name' | 'type' | 'before' | 'after'>;

function describe(diff: {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
  readonly unchanged: number;
  readonly records: readonly Described[];
}): string {
  const symbols: Readonly<Record<string, string>> = { add: '+', change: '~', remove: '-' };
  const side = (set: Described['before']): string => (set ? `${set.ttl} ${set.values.join(', ')}` : '');
  const lines = diff.records.map(({ action, name, type, before, after }) =>
    [symbols[action], type, name, [side(before), side(after)].filter(Boolean).join(' → ')].join(' '),
  );
  return [
    ...lines,
    `Difference: ${diff.add} added, ${diff.change} changed, ${diff.remove} removed, ${diff.unchanged} unchanged.`,
    '',
  ].join('\n');
}
