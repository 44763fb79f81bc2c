import { describeError, failedCall } from '../../aws/errors.ts';
import type { UnseenDestination } from '../../fan-out/verify-result.ts';
import type { FanOutTarget } from './open.ts';

/** Why a destination cannot be looked at; undefined: the error is of another sort, and concerns the whole command. */
export function whyUnseen(error: unknown): string | undefined {
  const call = failedCall(error);
  return call && `${call.service} ${call.command} in ${call.place.region}: ${describeError(error)}`;
}

/**
 * Judges each destination by itself, one after the other: one that cannot be looked at keeps nobody from the others.
 *
 * @throws the first refusal where all are refused; whatever concerns the whole command
 */
export async function eachSeen<Result>(
  targets: readonly FanOutTarget[],
  look: (target: FanOutTarget) => Promise<Result>,
): Promise<{ readonly seen: readonly Result[]; readonly unseen: readonly UnseenDestination[] }> {
  const seen: Result[] = [];
  const unseen: UnseenDestination[] = [];
  let refusal: unknown;
  for (const target of targets) {
    try {
      seen.push(await look(target));
    } catch (error) {
      const why = whyUnseen(error);
      if (why === undefined) throw error;
      refusal ??= error;
      unseen.push({ destination: target.name, why });
    }
  }
  if (unseen.length === targets.length) throw refusal;
  return { seen, unseen };
}
