import type { Host } from '../host.ts';
import { serviceError } from '../errors.ts';
import { EnvironmentKilled } from '../faults.ts';
import { packError } from './wire.ts';
import type { ToHost, ToWorker } from './wire.ts';

/** The keys that stand for an account's administrator are the tool's and the tests' own; no function is given one. */
const ADMINISTRATOR_KEY = /^EMBEDDED/;

/** Answers an API call of a function as a message; undefined: the function is killed by it. */
export async function answerOf(
  host: Pick<Host, 'answer'>,
  { id, request }: Extract<ToHost, { kind: 'call' }>,
): Promise<ToWorker | undefined> {
  try {
    if (ADMINISTRATOR_KEY.test(request.accessKeyId ?? '')) {
      throw serviceError('InvalidClientTokenId', 'The security token included in the request is invalid.', {
        status: 403,
      });
    }
    return { kind: 'answer', id, output: await host.answer({ ...request, isOfFunction: true }) };
  } catch (error) {
    if (error instanceof EnvironmentKilled) return undefined;
    return { kind: 'refusal', id, error: packError(error) };
  }
}
