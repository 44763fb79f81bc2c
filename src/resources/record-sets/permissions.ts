import type { Draft, Permission, Use } from '../../engine/types.ts';
import { globalArn } from '../arns.ts';
import { invokePermissions } from '../invoke.ts';
import { knownText, permit } from '../permissions.ts';
import { secretAccess } from '../secret-access.ts';
import type { RecordSetsProperties } from './types.ts';

/** Who speaks to the primary decides: the caller itself, the mirror's functions, or whoever of them can reach it. */
export function recordSetsPermissions(draft: Draft<RecordSetsProperties>, use: Use): readonly Permission[] {
  const { place } = draft;
  const { HostedZoneId, Referenced, Source, Functions } = draft.properties as RecordSetsProperties;
  const onZone = (...names: readonly string[]): readonly Permission[] =>
    permit('route53', globalArn('route53', place, `hostedzone/${knownText(HostedZoneId)}`, ''), names);
  const onFunction = (name: string): readonly Permission[] => invokePermissions(place, name);
  const isFromHere = Source.Via !== 'lambda';
  const isThrough = Source.Via !== 'local';
  if (use === 'read') {
    return [
      ...(Referenced ? onZone('GetHostedZone') : []),
      ...onZone('ListResourceRecordSets'),
      ...(isFromHere ? onZone('ListResourceRecordSetProtections', 'GetHostedZoneLimit') : []),
      ...(isThrough ? onFunction(Functions.Plan) : []),
      ...(isThrough ? [] : ofKey(draft)),
    ];
  }
  if (use !== 'create' && use !== 'update') return [];
  return [
    ...(isFromHere ? onZone('ChangeResourceRecordSets') : []),
    ...(isFromHere ? permit('route53', globalArn('route53', place, 'change/*', ''), ['GetChange']) : []),
    ...(isThrough ? onFunction(Functions.Mirror) : []),
    // Who only looks needs no key where the function has one: what may not be read from here is asked through it.
    ...(isFromHere && isThrough ? ofKey(draft).map((one) => ({ ...one, optional: true as const })) : []),
  ];
}

function ofKey({ place, properties }: Draft<RecordSetsProperties>): readonly Permission[] {
  const { Tsig } = (properties as RecordSetsProperties).Source;
  if (!Tsig) return [];
  const { read, decrypt } = secretAccess(Tsig.Secret, place);
  return [read, decrypt];
}
