import { documentAddress } from '../../engine/address.ts';
import { DOCUMENT_VARIABLE, encodeFunctionDocument } from '../../engine/function-document.ts';
import type { Desired, Document, Estate, Late, Ref } from '../../engine/types.ts';
import { ALARM_METRIC, METRIC_NAMESPACE, MIRROR_ACTION } from '../../resources/record-sets/function-contract.ts';
import { alarmResource } from '../function/alarm.ts';
import { functionResources } from '../function/resources.ts';
import { timetableResources } from '../function/scheduled.ts';
import { mirrorDocument } from './mirror-document.ts';
import { mirrorStatements } from './policy.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

/** Logical ids of the two functions: the one that mirrors, and the one that only looks. */
export const MIRROR = 'Mirror';
export const PLAN = 'Plan';
const HANDLER = 'zone-mirror';

/** The zone's id and, where the internet resolves it, one of its name servers: known once the zone exists. */
export interface ZoneReferences {
  readonly id: string | Ref;
  readonly nameServer?: Ref;
}

/** Both functions with their roles and logs, the rule that starts the mirror, and the alarm that says when it is blocked. */
export function mirrorFunctions(
  document: Document<ZoneMirrorSpec>,
  estate: Estate,
  zone: ZoneReferences,
): readonly Desired[] {
  const { spec } = document;
  const place = estate.place(spec.account, spec.region);
  const address = documentAddress(document);
  const environment: Late<Record<string, string>> = {
    [DOCUMENT_VARIABLE]: encodeFunctionDocument(mirrorDocument(document, estate)),
    TRUEUP_ZONE_ID: zone.id,
    ...(zone.nameServer && { TRUEUP_NAME_SERVER: zone.nameServer }),
  };
  const shared = {
    document,
    estate,
    place,
    handler: HANDLER,
    settings: spec.function,
    ...(spec.network && { network: spec.network }),
  };
  // A mirror that is only reviewed is written by apply; where apply never goes through the function, it writes nothing.
  const writes = spec.records === 'live' || spec.via !== 'local';
  return [
    ...functionResources({
      ...shared,
      id: MIRROR,
      description: `mirrors ${spec.domain}`,
      environment: { ...environment, TRUEUP_FUNCTION: 'mirror' },
      statements: mirrorStatements(spec, place, zone.id, writes),
    }),
    ...functionResources({
      ...shared,
      id: PLAN,
      description: `looks at ${spec.domain} for plan and verify`,
      environment: { ...environment, TRUEUP_FUNCTION: 'plan' },
      statements: mirrorStatements(spec, place, zone.id, false),
    }),
    ...timetableResources({
      document,
      estate,
      place,
      starts: MIRROR,
      expression: spec.schedule,
      description: `starts the mirror of ${spec.domain} (${address})`,
      input: { action: MIRROR_ACTION, document: address, scheduled: true },
    }),
    alarmResource({
      document,
      estate,
      place,
      namespace: METRIC_NAMESPACE,
      metric: ALARM_METRIC,
      description: `the mirror of ${spec.domain} was blocked or failed (${address}); its log says why`,
    }),
  ];
}
