import { documentAddress } from '../../engine/address.ts';
import { DOCUMENT_VARIABLE, encodeFunctionDocument } from '../../engine/function-document.ts';
import type { Desired, Document, Estate, Late, Ref } from '../../engine/types.ts';
import { ALARM_METRIC, METRIC_NAMESPACE, MIRROR_ACTION } from '../../resources/record-sets/function-contract.ts';
import { arn } from '../../resources/arns.ts';
import { tagList } from '../../resources/marker.ts';
import { OWN_TARGET_PREFIX } from '../../resources/rule-targets.ts';
import { nameOf } from '../function/names.ts';
import { functionArn } from '../function/policy.ts';
import { functionResources } from '../function/resources.ts';
import { mirrorDocument } from './mirror-document.ts';
import { mirrorStatements } from './policy.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

/** Logical ids of the two functions: the one that mirrors, and the one that only looks. */
export const MIRROR = 'Mirror';
export const PLAN = 'Plan';
const RULE = 'Rule';
const PERMISSION = 'Permission';
const ALARM = 'Alarm';
const HANDLER = 'zone-mirror';

/** A run that was blocked or failed shows within a minute of it. */
const ALARM_PERIOD_SECONDS = 60;

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
  const names = { mirror: nameOf(document, estate, MIRROR), rule: nameOf(document, estate, RULE) };
  const mirrorArn = functionArn(names.mirror, place);
  const ruleArn = arn('events', place, `rule/${names.rule}`);
  // A mirror that is only reviewed is written by apply; where apply never goes through the function, it writes nothing.
  const writes = spec.records === 'live' || spec.via !== 'local';
  const tags = tagList(estate.tags);
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
    {
      id: PERMISSION,
      type: 'AWS::Lambda::Permission',
      place,
      properties: {
        FunctionName: names.mirror,
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: ruleArn,
        SourceAccount: place.account,
      },
      after: [MIRROR],
    },
    {
      id: RULE,
      type: 'AWS::Events::Rule',
      place,
      properties: {
        Name: names.rule,
        Description: `starts the mirror of ${spec.domain} (${address})`,
        ScheduleExpression: spec.schedule,
        State: 'ENABLED',
        Targets: [
          {
            Id: OWN_TARGET_PREFIX + MIRROR.toLowerCase(),
            Arn: mirrorArn,
            Input: JSON.stringify({ action: MIRROR_ACTION, document: address, scheduled: true }),
          },
        ],
        Tags: tags,
      },
      after: [PERMISSION],
    },
    {
      id: ALARM,
      type: 'AWS::CloudWatch::Alarm',
      place,
      properties: {
        AlarmName: nameOf(document, estate, ALARM),
        AlarmDescription: `the mirror of ${spec.domain} was blocked or failed (${address}); its log says why`,
        Namespace: METRIC_NAMESPACE,
        MetricName: ALARM_METRIC,
        Dimensions: [{ Name: 'Document', Value: address }],
        Statistic: 'Maximum',
        Period: ALARM_PERIOD_SECONDS,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        // Between two runs there is no news: the state stays what the last run made it.
        TreatMissingData: 'ignore',
        ActionsEnabled: true,
        AlarmActions: estate.alarmTopic === undefined ? [] : [estate.alarmTopic],
        OKActions: estate.alarmTopic === undefined ? [] : [estate.alarmTopic],
        Tags: tags,
      },
    },
  ];
}
