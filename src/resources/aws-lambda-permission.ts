import { AddPermissionCommand, GetPolicyCommand, LambdaClient, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import { documentOf } from '../engine/address.ts';
import { physicalName } from '../engine/identity.ts';
import type {
  Difference,
  Draft,
  Finding,
  Permission,
  Place,
  Present,
  Progress,
  ResourceType,
  Target,
  Use,
} from '../engine/types.ts';
import { API } from './api-gateway/types.ts';
import { BUCKET_NOTIFICATION } from './bucket-notification/types.ts';
import { arn } from './arns.ts';
import { RULE } from './aws-events-rule.ts';
import { SNS_SUBSCRIPTION } from './aws-sns-subscription.ts';
import { keptEntries } from './kept-entries.ts';
import { isOpen, statementProperties, statementsOf } from './lambda-policy.ts';
import type { Statement, StatementProperties } from './lambda-policy.ts';
import { markerOf } from './marker.ts';
import { knownText, permit } from './permissions.ts';

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
const OTHER = '-2';
const MOVING_MS = 2_000;

type PermissionTarget = Target<LambdaPermissionProperties>;
type PermissionSeen = Present<LambdaPermissionProperties, LambdaPermissionAttributes>;

/** What an observation knows beside the properties. */
interface Reading {
  readonly revision: string | undefined;
  /** Ours: one, or while it is changed two. */
  readonly own: readonly OwnStatement[];
  /** Statements of others in the same policy. */
  readonly others: readonly Statement[];
}

interface OwnStatement {
  readonly id: string;
  readonly properties: StatementProperties;
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
    removedAfter: [API, BUCKET_NOTIFICATION, RULE, SNS_SUBSCRIPTION],
    managed: ['FunctionName', 'Action', 'Principal', 'SourceArn', 'SourceAccount'],
    describe: (draft) => statementIds(draft)[0],
    predict: (target) => ({ Id: statementIds(target)[0] }),
    permissions: permissionsOf,
    // The policy is one document: its revision moves with every statement.
    exclusive: ({ place, properties }) => `lambda/${place.account}/${place.region}/${properties.FunctionName}/policy`,

    async observe(target) {
      const { FunctionName } = target.properties;
      const ids = statementIds(target);
      try {
        const client = await clientFor(target.place);
        const { Policy, RevisionId } = await client.send(new GetPolicyCommand({ FunctionName }));
        const statements = statementsOf(Policy);
        const own = ids.flatMap((id) =>
          statements.filter(({ Sid }) => Sid === id).map((found) => ({ id, properties: statementProperties(found) })),
        );
        const shown = own.find(({ properties }) => !isAsDeclared(target, properties)) ?? own[0];
        if (shown === undefined) return { state: 'absent' };
        const seen: PermissionSeen = {
          state: 'present',
          resource: ids[0],
          properties: { FunctionName, ...shown.properties },
          attributes: { Id: ids[0] },
          // The id is made of the identity: nobody else's statement has it.
          marker: markerOf(target),
          witness: true,
          applied: undefined,
          protected: false,
        };
        const others = statements.filter(({ Sid = '' }) => !ids.includes(Sid));
        readings.set(seen, { revision: RevisionId, own, others });
        return seen;
      } catch (error) {
        return isAwsError(error, 'ResourceNotFoundException') ? { state: 'absent' } : unknownFrom(error);
      }
    },

    async compare(target, seen) {
      const { own, others } = readingOf(seen);
      return {
        differences: own.map(({ properties }) => permissionDifferences(target, properties)).find(isNotEmpty) ?? [],
        kept: others.length,
        findings: [
          ...others.filter(isOpen).map((other) => openPermission(target, other)),
          ...keptEntries(
            target.address,
            `statements in the policy of function ${target.properties.FunctionName}`,
            others.filter((other) => !isOpen(other)).map(({ Sid = '(no id)' }) => Sid),
          ),
        ],
      };
    },

    async create(target): Promise<Progress> {
      return add(target, statementIds(target)[0], { done: true });
    },

    /** The new statement comes under the other id, then the old one goes: whoever may invoke never may not. */
    async update(target, seen): Promise<Progress> {
      const { own, revision } = readingOf(seen);
      const free = statementIds(target).find((id) => own.every((statement) => statement.id !== id));
      const [old, ...more] = own.filter(({ properties }) => !isAsDeclared(target, properties));
      const isAdded = own.some(({ properties }) => isAsDeclared(target, properties));
      if (!isAdded && free !== undefined) return add(target, free, again('to take the old statement away'), revision);
      if (old === undefined) return { done: true };
      const client = await clientFor(target.place);
      const { FunctionName } = target.properties;
      const command = new RemovePermissionCommand({ FunctionName, StatementId: old.id, RevisionId: revision });
      const isLast = isAdded && more.length === 0;
      return unlessMoving(() => client.send(command), isLast ? { done: true } : again('to add the new statement'));
    },

    /** Ours, by their ids; the policy's revision moves with each. */
    async remove(target, seen): Promise<Progress> {
      const { own, revision } = readingOf(seen);
      const [statement, ...more] = own;
      if (statement === undefined) return { done: true };
      const client = await clientFor(target.place);
      const { FunctionName } = target.properties;
      const command = new RemovePermissionCommand({ FunctionName, StatementId: statement.id, RevisionId: revision });
      const isLast = more.length === 0;
      return unlessMoving(() => client.send(command), isLast ? { done: true } : again('to take the other one away'));
    },
  };

  async function add(target: PermissionTarget, id: string, progress: Progress, revision?: string): Promise<Progress> {
    const { FunctionName, Action, Principal, SourceArn, SourceAccount } = target.properties;
    const client = await clientFor(target.place);
    const command = new AddPermissionCommand({
      FunctionName,
      StatementId: id,
      Action,
      Principal,
      ...(SourceArn !== undefined && { SourceArn }),
      ...(SourceAccount !== undefined && { SourceAccount }),
      ...(revision !== undefined && { RevisionId: revision }),
    });
    return unlessMoving(() => client.send(command), progress);
  }
}

function again(waiting: string, milliseconds = 0): Progress {
  return { done: false, waiting, again: milliseconds };
}

/** The policy or the function was changed by somebody else, or a reply was lost: the next look tells. */
async function unlessMoving(write: () => Promise<unknown>, progress: Progress): Promise<Progress> {
  try {
    await write();
    return progress;
  } catch (error) {
    const moving = ['ResourceConflictException', 'PreconditionFailedException', 'ResourceNotFoundException'];
    if (!moving.some((name) => isAwsError(error, name))) throw error;
    return again('for the function and its policy to settle', MOVING_MS);
  }
}

/**
 * A statement cannot be changed in place: the changed one takes the other id. They follow from the first name of the
 * document and of the owner, like the names of all that it has: what was renamed keeps its statement.
 */
function statementIds({
  owner,
  firstOwner = owner,
  address,
  named = address,
}: Pick<Draft<LambdaPermissionProperties>, 'owner' | 'firstOwner' | 'address' | 'named'>): readonly [string, string] {
  const [kind = '', name = '', logicalId = ''] = named.split('/');
  const id = physicalName({ owner: firstOwner, kind, name, logicalId }, MAX_STATEMENT_ID - OTHER.length);
  return [id, id + OTHER];
}

function permissionsOf({ place, properties }: Draft<LambdaPermissionProperties>, use: Use): readonly Permission[] {
  const { FunctionName: name, Principal } = properties;
  const isArn = typeof name !== 'string' || name.startsWith('arn:');
  const on = isArn ? knownText(name) : arn('lambda', place, `function:${name}`);
  const add = permit('lambda', on, ['AddPermission'], { 'lambda:Principal': knownText(Principal) });
  const remove = permit('lambda', on, ['RemovePermission']);
  switch (use) {
    case 'read':
      return permit('lambda', on, ['GetPolicy']);
    case 'create':
      return add;
    case 'update':
      return [...add, ...remove];
    case 'delete':
      return remove;
    case 'adopt':
    case 'release':
      return [];
  }
}

function isAsDeclared(target: PermissionTarget, found: StatementProperties): boolean {
  return permissionDifferences(target, found).length === 0;
}

function isNotEmpty(differences: readonly Difference[]): boolean {
  return differences.length > 0;
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
