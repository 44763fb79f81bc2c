import type { Address } from '../../engine/types.ts';
import { CONTINUE_ACTION, RUN_ACTION } from '../../reconcilers/reconcile-loop/function-contract.ts';

/** What an event asks for; a refusal in fixed words, which repeat nothing of it. */
export type Request =
  | { readonly action: typeof RUN_ACTION }
  | { readonly action: typeof CONTINUE_ACTION; readonly run: string; readonly part: number }
  | { readonly action: 'refuse'; readonly why: string };

const RUN_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An event begins a run, or goes on with one that is known; it brings nothing of its own (threats T71). */
export function readEvent(event: unknown, address: Address): Request {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return refuse('the event is no object');
  const { action, document, run, part, ...others } = event as Readonly<Record<string, unknown>>;
  if (document !== address) return refuse('the event names another document');
  if (Object.keys(others).length > 0) return refuse('the event has fields that mean nothing here');
  if (action === RUN_ACTION && run === undefined && part === undefined) return { action };
  const isPart = typeof part === 'number' && Number.isSafeInteger(part) && part > 1;
  if (action === CONTINUE_ACTION && typeof run === 'string' && RUN_ID.test(run) && isPart) return { action, run, part };
  return refuse('the event asks for an action that there is not');
}

function refuse(why: string): Request {
  return { action: 'refuse', why };
}
