import { documentAddress } from '../../engine/address.ts';
import { parseDuration } from '../../engine/duration.ts';
import type { Desired, Document, Estate, Late, Place, Value } from '../../engine/types.ts';
import { tagList } from '../../resources/marker.ts';
import { LOGS_SUFFIX, logGroupName } from '../../resources/names.ts';
import { rolePath } from '../../resources/role-arns.ts';
import { nameOf } from './names.ts';
import { boundaryArn, logStatement, networkStatements, trustOf } from './policy.ts';
import type { Statement } from './policy.ts';

/** `spec.function` of every kind that deploys one. */
export interface FunctionSettings {
  readonly memory: number;
  readonly timeout: string;
  readonly logRetention: string;
  readonly reservedConcurrency?: number;
}

/** One function of a document, and what it may do. */
export interface FunctionRequest {
  /** Logical id of the function; those of its log group, role and policy follow from it. */
  readonly id: string;
  readonly document: Document;
  readonly estate: Estate;
  readonly place: Place;
  /** Name of the handler under src/runtime. */
  readonly handler: string;
  readonly description: string;
  /** In Latin-1, which is all that IAM takes. Default: the function's. */
  readonly roleDescription?: string;
  readonly settings: FunctionSettings;
  readonly environment: Late<Readonly<Record<string, string>>>;
  /** What the function may do, beside its log and its network. */
  readonly statements: readonly Late<Statement>[];
  /** It starts itself anew, more often in a row than Lambda lets pass for no loop. */
  readonly startsItself?: true;
  readonly network?: { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] };
}

const RUNTIME = 'nodejs22.x';
const ENTRY = 'index.handler';
const ARCHITECTURE = 'arm64';
const SECONDS_A_DAY = 86_400;

/** Logical id of a function's role. */
export function roleId(functionId: string): string {
  return `${functionId}Role`;
}

/** Logical id of the role's policy. */
export function policyId(functionId: string): string {
  return `${functionId}Policy`;
}

/** Log group, role, policy and function: made in this order, so that the function never runs without its rights. */
export function functionResources(request: FunctionRequest): readonly Desired[] {
  const { id, document, estate, place, settings, network } = request;
  const name = nameOf(document, estate, id);
  const ids = { logs: id + LOGS_SUFFIX, role: roleId(id), policy: policyId(id) };
  const roleName = nameOf(document, estate, ids.role);
  const tags = tagList(estate.tags);
  const statements: readonly Late<Statement>[] = [
    ...request.statements,
    logStatement(name, place),
    ...(network ? networkStatements(name, place) : []),
  ];
  return [
    desired(ids.logs, 'AWS::Logs::LogGroup', {
      LogGroupName: logGroupName(name),
      RetentionInDays: secondsOf(settings.logRetention) / SECONDS_A_DAY,
      Tags: tags,
    }),
    desired(ids.role, 'AWS::IAM::Role', {
      RoleName: roleName,
      Path: rolePath(estate.firstOwner),
      Description: `${request.roleDescription ?? request.description} (${documentAddress(document)})`,
      AssumeRolePolicyDocument: trustOf(name, place),
      ...(estate.permissionsBoundary !== undefined && {
        PermissionsBoundary: boundaryArn(estate.permissionsBoundary, place),
      }),
      Tags: tags,
    }),
    desired(
      ids.policy,
      'AWS::IAM::RolePolicy',
      { RoleName: roleName, PolicyName: 'function', PolicyDocument: { Version: '2012-10-17', Statement: statements } },
      [ids.role],
    ),
    desired(
      id,
      'AWS::Lambda::Function',
      {
        FunctionName: name,
        Description: `${request.description} (${documentAddress(document)})`,
        Runtime: RUNTIME,
        Handler: ENTRY,
        Architectures: [ARCHITECTURE],
        Code: codeOf(request),
        Role: { $get: [ids.role, 'Arn'] },
        MemorySize: settings.memory,
        Timeout: secondsOf(settings.timeout),
        Environment: { Variables: request.environment },
        VpcConfig: {
          SubnetIds: [...(network?.subnets ?? [])].sort(),
          SecurityGroupIds: [...(network?.securityGroups ?? [])].sort(),
        },
        ReservedConcurrentExecutions: settings.reservedConcurrency ?? null,
        ...(request.startsItself && { RecursiveLoop: 'Allow' }),
        Tags: tags,
      },
      [ids.logs, ids.policy],
    ),
  ];

  function desired(
    logicalId: string,
    type: string,
    properties: Desired['properties'],
    after?: readonly string[],
  ): Desired {
    return { id: logicalId, type, place, properties, ...(after && { after }) };
  }
}

function codeOf({ estate, handler }: FunctionRequest): Value {
  const { sha256, version } = estate.handler(handler);
  return { Sha256: sha256, Version: version };
}

/** Schemas admit nothing that is no duration. */
function secondsOf(duration: string): number {
  return parseDuration(duration) ?? 0;
}
