import { createHash } from 'node:crypto';
import { serviceError } from '../errors.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { table } from '../store/database.ts';

/** Client tokens that were used: what was asked, and the id of what was made. */
const tokens = table<{ readonly asked: string; readonly id: string }>('ec2/tokens');

/**
 * Makes an object once for a client token ("Ensuring idempotency"): the same request again gives the same id.
 *
 * @throws IdempotentParameterMismatch for another request with the same token.
 */
export function once(
  operation: string,
  input: { readonly ClientToken?: string | undefined },
  context: CallContext,
  make: () => string,
): string {
  const { ClientToken: token, ...request } = input;
  if (token === undefined) return make();
  const key = rowKey(`${operation} ${token}`, context);
  const asked = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  const known = context.data.get(tokens, key);
  if (known?.asked === asked) return known.id;
  if (known !== undefined) {
    throw serviceError(
      'IdempotentParameterMismatch',
      `The client token ${token} was used with other parameters before.`,
    );
  }
  const id = make();
  context.data.put(tokens, key, { asked, id });
  return id;
}
