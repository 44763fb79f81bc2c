import type { Estate, Value } from '../../engine/types.ts';
import { bucketArn, globalArn } from '../../resources/arns.ts';
import { PROBE } from '../../resources/probe-object.ts';
import { roleArn, rolePath } from '../../resources/role-arns.ts';
import { nameOf } from '../function/names.ts';
import { roleId } from '../function/resources.ts';
import { askerOf } from './looking.ts';
import { homeOf, sourceOf } from './places.ts';
import type { BucketFanOut, Target } from './places.ts';
import { ENCRYPT, ENCRYPTED_FOR, encryptedFor, objectsArn, UPLOADS, viaS3, writeActions } from './policy.ts';

type Statement = { readonly [name: string]: Value };

/** What the owner of a bucket in another account allows the function that copies there: a statement of the bucket's policy. */
export function bucketStatement(document: BucketFanOut, estate: Estate, target: Target): Statement {
  const { destination, ids } = target;
  return {
    Sid: sidOf(document, estate, target),
    Effect: 'Allow',
    Principal: { AWS: functionRole(document, estate, ids.copy) },
    Action: [...writeActions({ destination, replicateDeletes: document.spec.replicateDeletes }), ...UPLOADS].sort(),
    Resource: [bucketArn(destination, destination.bucket), objectsArn(destination, destination)],
  };
}

const ROLES = ['planRole', 'applyRole'] as const;
/** What a plan and the verbs look at of a bucket that is not entered: its listing, versioning and encryption. */
const LOOK: readonly string[] = ['s3:GetBucketVersioning', 's3:GetEncryptionConfiguration', 's3:ListBucket'];
/** What the verbs look at beside it, of copies; and a probe's versions. */
const VERBS: readonly string[] = ['s3:GetObject', 's3:ListBucketVersions'];
const CLEAR_PROBE: readonly string[] = ['s3:DeleteObjectVersion', 's3:GetObjectVersion'];
const DECRYPT: readonly string[] = ['kms:Decrypt'];

/** The same for whoever looks there from the functions' account; undefined: the bucket's own account looks. */
export function lookStatement(document: BucketFanOut, estate: Estate, target: Target): Statement | undefined {
  const looking = [...new Set(ROLES.flatMap((role) => lookerOf(document, estate, target, role) ?? []))];
  if (looking.length === 0) return undefined;
  return {
    Sid: sidOf(document, estate, target, 'Look'),
    Effect: 'Allow',
    Principal: { AWS: looking },
    Action: LOOK,
    Resource: bucketArn(target.destination, target.destination.bucket),
  };
}

/**
 * The same for `fan-out verify`, `backfill` and `test`, which act as the apply role: HEAD of copies, and a probe's versions
 * found and taken away. None: they are done by the bucket's own account.
 */
export function verbStatements(document: BucketFanOut, estate: Estate, target: Target): readonly Statement[] {
  const { destination } = target;
  const role = lookerOf(document, estate, target, 'applyRole');
  if (role === undefined) return [];
  const objects = objectsArn(destination, destination);
  const allow = (what: string, Action: readonly string[], Resource: readonly string[]): Statement => ({
    Sid: sidOf(document, estate, target, what),
    Effect: 'Allow',
    Principal: { AWS: role },
    Action,
    Resource,
  });
  return [
    allow('Verbs', VERBS, [bucketArn(destination, destination.bucket), objects]),
    allow('Probe', CLEAR_PROBE, [`${objects}${PROBE}*`]),
  ];
}

/** The same of the key; undefined: its account is the function's own, or none is named. */
export function keyStatement(document: BucketFanOut, estate: Estate, target: Target): Statement | undefined {
  const { destination, ids } = target;
  const [, , , , account] = destination.kmsKey?.split(':') ?? [];
  if (account === undefined || account === homeOf(document, estate).account) return undefined;
  return {
    Sid: sidOf(document, estate, target),
    Effect: 'Allow',
    Principal: { AWS: functionRole(document, estate, ids.copy) },
    Action: ENCRYPT,
    // In a key's policy it is the key itself (KMS developer guide, "Key policies").
    Resource: '*',
    Condition: {
      StringEquals: { 'kms:ViaService': viaS3(destination) },
      StringLike: { [ENCRYPTED_FOR]: encryptedFor(destination) },
    },
  };
}

/** The same for `fan-out verify` and `backfill`: HEAD that asks for a checksum decrypts. */
export function keyLookStatement(document: BucketFanOut, estate: Estate, target: Target): Statement | undefined {
  const role = lookerOf(document, estate, target, 'applyRole');
  const forFunction = keyStatement(document, estate, target);
  if (role === undefined || forFunction === undefined) return undefined;
  return {
    ...forFunction,
    Sid: sidOf(document, estate, target, 'Look'),
    Principal: { AWS: role },
    Action: DECRYPT,
  };
}

/**
 * Who looks at a destination from the functions' account: its role, or where Settings name none the account, whose own
 * policies say who. Undefined: the destination's account is entered, and looks itself.
 */
function lookerOf(
  document: BucketFanOut,
  estate: Estate,
  { destination }: Target,
  role: (typeof ROLES)[number],
): string | undefined {
  const home = homeOf(document, estate);
  const { from } = askerOf(destination, sourceOf(document, estate), estate, role);
  if (from.account !== home.account) return undefined;
  return estate.accounts.find(({ id }) => id === home.account)?.[role] ?? globalArn('iam', home, 'root');
}

/** The role that the function has once it is made; its name ends in the hash by which the statement is found again. */
function functionRole(document: BucketFanOut, estate: Estate, functionId: string): string {
  const place = homeOf(document, estate);
  return roleArn(place, rolePath(estate.firstOwner), nameOf(document, estate, roleId(functionId)));
}

/** Of letters and digits (IAM user guide, "Sid"), and another one for each document: several may copy there. */
function sidOf(document: BucketFanOut, estate: Estate, { ids }: Target, what = ''): string {
  const role = functionRole(document, estate, ids.copy);
  return `TrueupFanOut${role.slice(role.lastIndexOf('-') + 1)}${what}`;
}
