import { documentAddress } from '../../engine/address.ts';
import { DOCUMENT_VARIABLE, encodeFunctionDocument } from '../../engine/function-document.ts';
import type { Desired, Estate, Place } from '../../engine/types.ts';
import { tagList } from '../../resources/marker.ts';
import { roleArn, rolePath } from '../../resources/role-arns.ts';
import { ALARM_METRIC, METRIC_NAMESPACE, RUN_ACTION } from '../../resources/scheduled-instances/function-contract.ts';
import { alarmResource } from '../function/alarm.ts';
import { nameOf } from '../function/names.ts';
import { boundaryArn } from '../function/policy.ts';
import { functionResources, roleId } from '../function/resources.ts';
import { timetableResources } from '../function/scheduled.ts';
import { placesOf } from './places.ts';
import type { InstanceSchedule } from './places.ts';
import { assumeStatement, instanceStatements } from './policy.ts';
import { memberIds, membersOf, scheduleDocument } from './schedule-document.ts';
import type { Member } from './schedule-document.ts';

/** Logical id of the function. */
export const SCHEDULER = 'Scheduler';
const HANDLER = 'instance-schedule';

/** The function with its role and log, what starts it, its alarm, and a role in every other account. */
export function schedulerResources(document: InstanceSchedule, estate: Estate, home: Place): readonly Desired[] {
  const { spec } = document;
  const address = documentAddress(document);
  const members = membersOf(document, estate);
  const own = placesOf(document, estate).filter(({ account }) => account === home.account);
  const shared = { document, estate, place: home };
  return [
    ...functionResources({
      ...shared,
      id: SCHEDULER,
      handler: HANDLER,
      description: 'starts and stops instances by the clock',
      settings: spec.function,
      environment: { [DOCUMENT_VARIABLE]: encodeFunctionDocument(scheduleDocument(document, estate)) },
      statements: [
        ...(own.length > 0 ? instanceStatements(spec, own) : []),
        ...(members.length > 0 ? [assumeStatement(members.map(({ applyRole }) => applyRole))] : []),
      ],
    }),
    ...members.flatMap((member) => memberResources(document, estate, home, member)),
    ...timetableResources({
      ...shared,
      starts: SCHEDULER,
      expression: spec.every,
      description: `starts the scheduler (${address})`,
      input: { action: RUN_ACTION, document: address },
    }),
    alarmResource({
      ...shared,
      namespace: METRIC_NAMESPACE,
      metric: ALARM_METRIC,
      description: `the scheduler failed, or had more to do than maxActions (${address}); its log says why`,
    }),
  ];
}

/** In another account: a role that only the function's own role may assume, and only with the external id. */
function memberResources(document: InstanceSchedule, estate: Estate, home: Place, member: Member): readonly Desired[] {
  const ids = memberIds(member.id);
  const place: Place = { account: member.id, region: home.region };
  const RoleName = nameOf(document, estate, ids.role);
  const places = placesOf(document, estate).filter(({ account }) => account === member.id);
  const functionRole = roleArn(home, rolePath(estate.firstOwner), nameOf(document, estate, roleId(SCHEDULER)));
  return [
    {
      id: ids.role,
      type: 'AWS::IAM::Role',
      place,
      properties: {
        RoleName,
        Path: rolePath(estate.firstOwner),
        Description: `starts and stops instances for ${home.account} (${documentAddress(document)})`,
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: functionRole },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'sts:ExternalId': member.externalId } },
            },
          ],
        },
        ...(estate.permissionsBoundary !== undefined && {
          PermissionsBoundary: boundaryArn(estate.permissionsBoundary, place),
        }),
        Tags: tagList(estate.tags),
      },
      // IAM refuses a trust policy that names a role which does not exist.
      after: [roleId(SCHEDULER)],
    },
    {
      id: ids.policy,
      type: 'AWS::IAM::RolePolicy',
      place,
      properties: {
        RoleName,
        PolicyName: 'instances',
        PolicyDocument: { Version: '2012-10-17', Statement: instanceStatements(document.spec, places) },
      },
      after: [ids.role],
    },
  ];
}
