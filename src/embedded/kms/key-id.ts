import type { CallContext } from '../service.ts';
import { notFound } from './errors.ts';
import { findKey, keyArn } from './model.ts';
import type { KeyPlace, StoredKey } from './model.ts';

/** A call that names one key. */
export interface KeyReference {
  /** Key id, or key ARN; the only way to a key of another account. */
  readonly KeyId: string | undefined;
}

const KEY_ARN = /^arn:aws:kms:([a-z0-9-]+):(\d{12}):key\/([0-9a-f-]{36})$/;
const KEY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ALIAS = /^(?:arn:aws:kms:[a-z0-9-]+:\d{12}:)?alias\//;

/** Where a key of this ARN would be; undefined: it is none. */
export function placeOfKeyArn(arn: string): KeyPlace | undefined {
  const [, region = '', account = '', id = ''] = KEY_ARN.exec(arn) ?? [];
  return KEY_ID.test(id) ? { account, region, id } : undefined;
}

/** Where the key would be that a call names; undefined: it names none. */
export function placeOf({ KeyId: name = '' }: KeyReference, { caller, region }: CallContext): KeyPlace | undefined {
  return KEY_ID.test(name) ? { account: caller.account, region, id: name } : placeOfKeyArn(name);
}

/**
 * The key that a call names. There are no aliases.
 *
 * @throws NotFoundException
 */
export function needKey(reference: KeyReference, context: CallContext): StoredKey {
  const { KeyId: name = '' } = reference;
  if (ALIAS.test(name)) throw notFound(`Alias ${name} is not found.`);
  const place = placeOf(reference, context);
  if (place === undefined) throw notFound(`Invalid keyId ${name}`);
  if (place.region !== context.region) throw notFound(`Invalid arn ${place.region}`);
  const found = findKey(place, context);
  if (found === undefined) throw notFound(`Key '${keyArn(place)}' does not exist`);
  return found;
}
