import { administrator } from './caller.ts';
import { EmbeddedError } from './errors.ts';
import { getSecretValue, replaceSecret } from './secrets-manager.ts';
import type { CallContext } from './service.ts';
import { getParameter, putParameter } from './ssm.ts';
import type { Transaction } from './store/database.ts';

const REFERENCE = /^(ssm|secretsmanager):(.+)$/;

/**
 * Writes or overwrites the secret behind a reference, by the rules of its service.
 *
 * @throws EmbeddedError TU4015 for other references, service errors for names and values that the service refuses.
 */
export function putSecret(
  reference: string,
  value: string,
  place: { readonly account: string; readonly region: string },
  data: Transaction,
  now: number,
): void {
  const [, service, name] = REFERENCE.exec(reference) ?? [];
  if (service === undefined || name === undefined) {
    throw new EmbeddedError(
      'TU4015',
      `${JSON.stringify(reference)} is not a reference to a secret.`,
      'Use ssm:/path or secretsmanager:name.',
    );
  }
  const context: CallContext = { caller: administrator(place.account), region: place.region, now, data };
  if (service === 'ssm') putParameter({ Name: name, Value: value, Type: 'SecureString', Overwrite: true }, context);
  else replaceSecret(name, value, context);
}

/** What the secret behind a reference says, beside any permission; undefined: there is none, or it is no text. */
export function secretValue(
  reference: string,
  place: { readonly account: string; readonly region: string },
  data: Transaction,
  now: number,
): string | undefined {
  const [, service, name] = REFERENCE.exec(reference) ?? [];
  if (service === undefined || name === undefined) return undefined;
  const context: CallContext = { caller: administrator(place.account), region: place.region, now, data };
  try {
    return service === 'ssm'
      ? getParameter({ Name: name, WithDecryption: true }, context).Parameter?.Value
      : getSecretValue({ SecretId: name }, context).SecretString;
  } catch (error) {
    if (error instanceof Error && '$fault' in error) return undefined;
    throw error;
  }
}
