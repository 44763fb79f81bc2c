import type { Late, Place, Ref } from '../../engine/types.ts';
import { globalArn } from '../../resources/arns.ts';
import { secretStatements } from '../function/policy.ts';
import type { Statement } from '../function/policy.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

const READS = [
  'route53:GetHostedZoneLimit',
  'route53:ListResourceRecordSetProtections',
  'route53:ListResourceRecordSets',
];
/** The name of a zone that was made elsewhere is compared before anything is written. */
const NAME = ['route53:GetHostedZone'];
const WRITES = ['route53:ChangeResourceRecordSets'];

/** What a function of the mirror may do: in Route 53 on exactly this zone, and read the key of its transfers. */
export function mirrorStatements(
  spec: ZoneMirrorSpec,
  place: Place,
  zoneId: string | Ref,
  writes: boolean,
): readonly Late<Statement>[] {
  const isElsewhere = spec.hostedZone.id !== undefined;
  const zoneArn = { $join: [globalArn('route53', place, 'hostedzone/', ''), zoneId] };
  const zone: Late<Statement> = {
    Sid: 'Zone',
    Effect: 'Allow',
    Action: [...READS, ...(isElsewhere ? NAME : []), ...(writes ? WRITES : [])].sort(),
    Resource: [zoneArn],
  };
  const changes: Statement = {
    Sid: 'Changes',
    Effect: 'Allow',
    Action: ['route53:GetChange'],
    Resource: [globalArn('route53', place, 'change/*', '')],
  };
  return [
    zone,
    ...(writes ? [changes] : []),
    ...(spec.tsig === 'none' ? [] : secretStatements(spec.tsig.secret, place)),
  ];
}
