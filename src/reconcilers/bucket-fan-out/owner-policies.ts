import type { Estate, Value } from '../../engine/types.ts';
import { roleArn, rolePath } from '../../resources/role-arns.ts';
import { nameOf } from '../function/names.ts';
import { roleId } from '../function/resources.ts';
import { homeOf } from './places.ts';
import type { BucketFanOut, Target } from './places.ts';
import { ENCRYPT, objectsArn, viaS3, writeActions } from './policy.ts';

/** Statement ids by which an owner finds again what he allowed. */
const SID = 'TrueupFanOut';

type Statement = { readonly [name: string]: Value };

/** What the owner of a bucket in another account allows the function that copies there: a statement of the bucket's policy. */
export function bucketStatement(document: BucketFanOut, estate: Estate, { destination, ids }: Target): Statement {
  return {
    Sid: sidOf(ids.copy),
    Effect: 'Allow',
    Principal: { AWS: functionRole(document, estate, ids.copy) },
    Action: writeActions({ destination, replicateDeletes: document.spec.replicateDeletes }),
    Resource: objectsArn(destination, destination),
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
  return {
    Sid: sidOf(ids.copy),
    Effect: 'Allow',
    Principal: { AWS: functionRole(document, estate, ids.copy) },
    Action: ENCRYPT,
    // In a key's policy it is the key itself (KMS developer guide, "Key policies").
    Resource: '*',
    Condition: { StringEquals: { 'kms:ViaService': viaS3(destination) } },
  };
}

function functionRole(document: BucketFanOut, estate: Estate, functionId: string): string {
  const place = homeOf(document, estate);
  return roleArn(place, rolePath(estate.firstOwner), nameOf(document, estate, roleId(functionId)));
}

function sidOf(functionId: string): string {
  return SID + functionId;
}
