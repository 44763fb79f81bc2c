import { formatMasterFile } from '../dns/master-file.ts';
import { formatName } from '../dns/name.ts';
import { exportZone } from '../operations/zone-export.ts';
import { EXIT } from './exit-codes.ts';
import { openReportFile } from './output.ts';
import { commandOptions, withSession } from './session.ts';
import type { SharedFlags } from './session.ts';
import { setsOf } from './zone-json.ts';

/** `--format zone` (also the text): a master file; `json`: the sets as data. */
export function runZoneExport(name: string, flags: SharedFlags): Promise<number> {
  const isZone = flags.format === 'zone';
  return withSession(isZone ? { ...flags, format: 'text' } : flags, async (session) => {
    const report = flags.out === undefined ? undefined : openReportFile(flags.out);
    const { zone, leftOut } = await exportZone(session.project, name, commandOptions(flags, session));
    const document = {
      format: 'trueup/zone-export@1',
      zone: formatName(zone.origin, 'decimal'),
      serial: zone.soa.serial,
      records: zone.records,
      sets: setsOf(zone.rrsets),
      leftOut,
    };
    report?.write(document);
    if (leftOut.length > 0) session.output.note(`Left out, a master file cannot say them: ${leftOut.join(', ')}`);
    session.output.result(document, () => formatMasterFile(zone), EXIT.ok);
    return EXIT.ok;
  });
}
