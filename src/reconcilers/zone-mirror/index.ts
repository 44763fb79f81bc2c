import type { Document, Kind } from '../../engine/types.ts';
import { check } from './check.ts';
import { compile } from './compile.ts';
import { faults } from './faults.ts';
import { guards } from './guards.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

/** An on-premises DNS zone, mirrored into Route 53 (docs/kinds/zone-mirror.md). */
export const zoneMirror: Kind<ZoneMirrorSpec> = {
  kind: 'ZoneMirror',
  makesRoles: true,
  faults,
  compile,
  check,
  guards,
  summary,
};

function summary({ spec }: Document<ZoneMirrorSpec>): string {
  const target =
    spec.hostedZone.id ?? (spec.hostedZone.vpcs?.length ? 'a private hosted zone' : 'a public hosted zone');
  return `${spec.domain} from ${spec.primaries.join(', ')} into ${target}`;
}
