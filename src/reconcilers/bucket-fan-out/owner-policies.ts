import type { Estate, Value } from '../../engine/types.ts';
import { bucketArn } from '../../resources/arns.ts';
import { roleArn, rolePath } from '../../resources/role-arns.ts';
import { nameOf } from '../function/names.ts';
import { roleId } from '../function/resources.ts';
import { askerOf } from './looking.ts';
import { homeOf, sourceOf } from './places.ts';
import type { BucketFanOut, Target } from './places.ts';
import { ENCRYPT, objectsArn, UPLOADS, viaS3, writeActions } from './policy.ts';

type Statement = { readonly [name: string]: Value };

/** What the owner of a bucket in another account allows the function that copies there: a statement of the bucket's policy. */
export function bucketStatement(document: BucketFanOut, estate: Estate, { destination, ids }: Target): Statement {
  const role = functionRole(document, estate, ids.copy);
  return {
    Sid: sidOf(role),
    Effect: 'Allow',
    Principal: { AWS: role },
    Action: [...writeActions({ destination, replicateDeletes: document.spec.replicateDeletes }), ...UPLOADS].sort(),
    Resource: [bucketArn(destination, destination.bucket), objectsArn(destination, destination)],
  };
}

/** What a plan and the verbs look at of a bucket that is not entered: its listing, versioning and encryption. */
const LOOK: readonly string[] = ['s3:GetBucketVersioning', 's3:GetEncryptionConfiguration', 's3:ListBucket'];

/** The same for the roles of the functions' account that look there; undefined: the bucket's own account looks, or nobody. */
export function lookStatement(
  document: BucketFanOut,
  estate: Estate,
  { destination, ids }: Target,
): Statement | undefined {
  const { account } = homeOf(document, estate);
  const looking = (['planRole', 'applyRole'] as const).flatMap((role) => {
    const { from } = askerOf(destination, sourceOf(document, estate), estate, role);
    const arn = estate.accounts.find(({ id }) => id === account)?.[role];
    return from.account === account && arn !== undefined ? [arn] : [];
  });
  if (looking.length === 0) return undefined;
  return {
    Sid: `${sidOf(functionRole(document, estate, ids.copy))}Look`,
    Effect: 'Allow',
    Principal: { AWS: looking },
    Action: LOOK,
    Resource: bucketArn(destination, destination.bucket),
  };
}

/** The same of the key; undefined: its account is the function's own, or none is named. */
export function keyStatement(
  document: BucketFanOut,
  estate: Estate,
  { destination, ids }: Target,
): Statement | undefined {
  const [, , , , account] = destination.kmsKey?.split(':') ?? [];
  if (account === undefined || account === homeOf(document, estate).account) return undefined;
  const role = functionRole(document, estate, ids.copy);
  return {
    Sid: sidOf(role),
    Effect: 'Allow',
    Principal: { AWS: role },
    Action: ENCRYPT,
    // In a key's policy it is the key itself (KMS developer guide, "Key policies").
    Resource: '*',
    Condition: { StringEquals: { 'kms:ViaService': viaS3(destination) } },
  };
}

/** The role that the function has once it is made; its name ends in the hash by which the statement is found again. */
function functionRole(document: BucketFanOut, estate: Estate, functionId: string): string {
  const place = homeOf(document, estate);
  return roleArn(place, rolePath(estate.firstOwner), nameOf(document, estate, roleId(functionId)));
}

/** Of letters and digits (IAM user guide, "Sid"), and another one for each document: several may copy there. */
function sidOf(role: string): string {
  return `TrueupFanOut${role.slice(role.lastIndexOf('-') + 1)}`;
}
