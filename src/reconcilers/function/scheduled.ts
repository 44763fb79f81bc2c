import type { Desired, Document, Estate, Place, Value } from '../../engine/types.ts';
import { arn } from '../../resources/arns.ts';
import { tagList } from '../../resources/marker.ts';
import { OWN_TARGET_PREFIX } from '../../resources/rule-targets.ts';
import { nameOf } from './names.ts';
import { functionArn } from './policy.ts';

const RULE = 'Rule';
const PERMISSION = 'Permission';

/** What starts a function by the clock. */
export interface Timetable {
  readonly document: Document;
  readonly estate: Estate;
  readonly place: Place;
  /** Logical id of the function. */
  readonly starts: string;
  /** `rate(…)` or `cron(…)`. */
  readonly expression: string;
  readonly description: string;
  /** What the function is handed. */
  readonly input: Value;
}

/** A rule, and the permission by which it may start the function: in this order, so that no run is refused. */
export function timetableResources(timetable: Timetable): readonly Desired[] {
  const { document, estate, place, starts } = timetable;
  const functionName = nameOf(document, estate, starts);
  const ruleName = nameOf(document, estate, RULE);
  return [
    {
      id: PERMISSION,
      type: 'AWS::Lambda::Permission',
      place,
      properties: {
        FunctionName: functionName,
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: arn('events', place, `rule/${ruleName}`),
        SourceAccount: place.account,
      },
      after: [starts],
    },
    {
      id: RULE,
      type: 'AWS::Events::Rule',
      place,
      properties: {
        Name: ruleName,
        Description: timetable.description,
        ScheduleExpression: timetable.expression,
        State: 'ENABLED',
        Targets: [
          {
            Id: OWN_TARGET_PREFIX + starts.toLowerCase(),
            Arn: functionArn(functionName, place),
            Input: JSON.stringify(timetable.input),
          },
        ],
        Tags: tagList(estate.tags),
      },
      after: [PERMISSION],
    },
  ];
}
