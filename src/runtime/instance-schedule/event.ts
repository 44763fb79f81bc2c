import type { Address } from '../../engine/types.ts';
import { LOOK_ACTION, RUN_ACTION } from '../../resources/scheduled-instances/function-contract.ts';

/** What an event asks for; a refusal in fixed words, which repeat nothing of it. */
export type Request =
  | { readonly action: typeof RUN_ACTION | typeof LOOK_ACTION }
  | { readonly action: 'refuse'; readonly why: string };

/** An event chooses between acting and looking, and brings nothing of its own (threats T71). */
export function readEvent(event: unknown, address: Address): Request {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return refuse('the event is no object');
  const { action, document, ...others } = event as Readonly<Record<string, unknown>>;
  if (document !== address) return refuse('the event names another document');
  if (Object.keys(others).length > 0) return refuse('the event has fields that mean nothing here');
  if (action === RUN_ACTION || action === LOOK_ACTION) return { action };
  return refuse('the event asks for an action that there is not');
}

function refuse(why: string): Request {
  return { action: 'refuse', why };
}
