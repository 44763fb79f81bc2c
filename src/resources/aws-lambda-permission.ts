import { AddPermissionCommand, GetPolicyCommand, LambdaClient, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import { documentOf } from '../engine/address.ts';
import { physicalName } from '../engine/identity.ts';
import type { Difference, Draft, Finding, Place, Present, Progress, ResourceType, Target } from '../engine/types.ts';
import { isOpen, statementProperties, statementsOf } from './lambda-policy.ts';
import type { Statement, StatementProperties } from './lambda-policy.ts';
import { markerOf } from './marker.ts';

/** CloudFormation's properties of AWS::Lambda::Permission. */
export interface LambdaPermissionProperties {
  /** Name or ARN. */
  readonly FunctionName: string;
  /** `lambda:InvokeFunction`. */
  readonly Action: string;
  /** `events.amazonaws.com`, or an account. */
  readonly Principal: string;
  readonly SourceArn?: string;
  readonly SourceAccount?: string;
}

export interface LambdaPermissionAttributes {
  /** The statement's id. */
  readonly Id: string;
}

export const LAMBDA_PERMISSION = 'AWS::Lambda::Permission';

/** AddPermission, StatementId: at most 100 characters. */
const MAX_STATEMENT_ID = 100;
const MOVING_MS = 2_000;

type PermissionTarget = Target<LambdaPermissionProperties>;
type PermissionSeen = Present<LambdaPermissionProperties, LambdaPermissionAttributes>;

/** What an observation knows beside the statement. */
interface Reading {
  readonly revision: string | undefined;
  readonly statement: StatementProperties;
  /** Statements of others in the same policy. */
  readonly others: readonly Statement[];
}

/** One statement of a function's policy: ours by its id, in a policy that others write to as well. */
export function createLambdaPermissionType(
  aws: Aws,
): ResourceType<LambdaPermissionProperties, LambdaPermissionAttributes> {
  const readings = new WeakMap<PermissionSeen, Reading>();

  function clientFor(place: Place): Promise<LambdaClient> {
    return aws.client(LambdaClient, place);
  }

  function readingOf(seen: PermissionSeen): Reading {
    const reading = readings.get(seen);
    if (reading === undefined) throw new Error(`${seen.resource} was not observed by this type`);
    return reading;
  }

  return {
    type: LAMBDA_PERMISSION,
    marker: 'entry',
    managed: ['FunctionName', 'Action', 'Principal', 'SourceArn', 'SourceAccount'],
    describe: statementId,
    predict: (target) => ({ Id: statementId(target) }),
    // The policy is one document: its revision moves with every statement.
    exclusive: ({ place, properties }) => `lambda/${place.account}/${place.region}/${properties.FunctionName}/policy`,

    async observe(target) {
      const { FunctionName } = target.properties;
      const id = statementId(target);
      try {
        const client = await clientFor(target.place);
        const { Policy, RevisionId } = await client.send(new GetPolicyCommand({ FunctionName }));
        const statements = statementsOf(Policy);
        const own = statements.find(({ Sid }) => Sid === id);
        if (own === undefined) return { state: 'absent' };
        const statement = statementProperties(own);
        const seen: PermissionSeen = {
          state: 'present',
          resource: id,
          properties: { FunctionName, ...statement },
          attributes: { Id: id },
          // The id is made of the identity: nobody else's statement has it.
          marker: markerOf(target),
          witness: true,
          applied: undefined,
          protected: false,
        };
        readings.set(seen, { revision: RevisionId, statement, others: statements.filter(({ Sid }) => Sid !== id) });
        return seen;
      } catch (error) {
        return isAwsError(error, 'ResourceNotFoundException') ? { state: 'absent' } : unknownFrom(error);
      }
    },

    async compare(target, seen) {
      const { statement, others } = readingOf(seen);
      return {
        differences: permissionDifferences(target, statement),
        kept: others.length,
        findings: others.filter(isOpen).map((other) => openPermission(target, other)),
      };
    },

    async create(target): Promise<Progress> {
      const { FunctionName, Action, Principal, SourceArn, SourceAccount } = target.properties;
      const client = await clientFor(target.place);
      const command = new AddPermissionCommand({
        FunctionName,
        StatementId: statementId(target),
        Action,
        Principal,
        ...(SourceArn !== undefined && { SourceArn }),
        ...(SourceAccount !== undefined && { SourceAccount }),
      });
      return unlessMoving(() => client.send(command), { done: true });
    },

    /** A statement cannot be changed: it goes, and the next look finds it absent. */
    async update(target, seen): Promise<Progress> {
      const client = await clientFor(target.place);
      const { FunctionName } = target.properties;
      const command = new RemovePermissionCommand({
        FunctionName,
        StatementId: seen.resource,
        RevisionId: readingOf(seen).revision,
      });
      return unlessMoving(() => client.send(command), { done: false, waiting: 'to add the statement anew', again: 0 });
    },
  };
}

/** The policy or the function was changed by somebody else, or a reply was lost: the next look tells. */
async function unlessMoving(write: () => Promise<unknown>, progress: Progress): Promise<Progress> {
  try {
    await write();
    return progress;
  } catch (error) {
    const moving = ['ResourceConflictException', 'PreconditionFailedException', 'ResourceNotFoundException'];
    if (!moving.some((name) => isAwsError(error, name))) throw error;
    return { done: false, waiting: 'for the function and its policy to settle', again: MOVING_MS };
  }
}

function statementId({ owner, address }: Pick<Draft<LambdaPermissionProperties>, 'owner' | 'address'>): string {
  const [kind = '', name = '', logicalId = ''] = address.split('/');
  return physicalName({ owner, kind, name, logicalId }, MAX_STATEMENT_ID);
}

/** The statement is all ours: a condition that nobody declared is a difference too. */
function permissionDifferences(target: PermissionTarget, found: StatementProperties): readonly Difference[] {
  const { FunctionName: _function, ...properties } = target.properties;
  const wanted = properties as StatementProperties;
  const paths = [...new Set([...Object.keys(wanted), ...Object.keys(found)])].sort();
  return paths
    .filter((path) => wanted[path] !== found[path])
    .map((path) => ({ path, before: found[path] ?? null, after: wanted[path] ?? null, cause: 'unknown' }));
}

function openPermission(target: PermissionTarget, { Sid = '' }: Statement): Finding {
  const name = target.properties.FunctionName;
  return {
    document: documentOf(target.address),
    code: 'open-permission',
    severity: 'warning',
    message: `the policy of function ${name} lets anybody invoke it: statement ${Sid} has Principal "*" and no condition, and is not ours`,
    hint: `aws lambda remove-permission --function-name ${name} --statement-id ${Sid}`,
    data: { function: name, statement: Sid },
  };
}
