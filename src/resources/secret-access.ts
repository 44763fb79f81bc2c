import type { Permission, Place } from '../engine/types.ts';
import { arn, dnsSuffix } from './arns.ts';

/**
 * What reading a secret takes, as a document refers to it: `ssm:/path` or `secretsmanager:name`. Where a key of one's own
 * encrypts it, the service decrypts with the reader's rights.
 */
export function secretAccess(
  reference: string,
  place: Place,
): { readonly read: Permission; readonly decrypt: Permission } {
  const at = reference.indexOf(':');
  const [service, name] = [reference.slice(0, at), reference.slice(at + 1)];
  const decrypt = {
    action: 'kms:Decrypt',
    resource: arn('kms', place, 'key/*'),
    context: { 'kms:ViaService': `${service}.${place.region}.${dnsSuffix(place)}` },
  };
  if (service === 'ssm') {
    const path = name.startsWith('/') ? name : `/${name}`;
    return { read: { action: 'ssm:GetParameter', resource: arn('ssm', place, `parameter${path}`) }, decrypt };
  }
  // Secrets Manager puts a hyphen and six characters behind the name.
  const resource = arn('secretsmanager', place, `secret:${name}-??????`);
  return { read: { action: 'secretsmanager:GetSecretValue', resource }, decrypt };
}
