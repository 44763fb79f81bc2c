import type { Value } from '../../engine/types.ts';
import { foldName, parseName } from '../../dns/name.ts';
import { parsePrimary } from '../../dns/transfer/primary-address.ts';
import { MIRROR_ACTION, PLAN_ACTION, VERIFY_ACTION } from '../../resources/record-sets/function-contract.ts';
import type { PlanRequest } from '../../resources/record-sets/function-contract.ts';
import type { Configuration } from './configuration.ts';

/** What an event asks for, once it is known to be about this function's own mirror. */
export type Request =
  | { readonly action: typeof MIRROR_ACTION; readonly scheduled: boolean; readonly expect?: Value }
  | { readonly action: typeof PLAN_ACTION; readonly listing: PlanRequest['listing'] }
  | { readonly action: typeof VERIFY_ACTION }
  /** Fixed words: nothing of a refused event is repeated. */
  | { readonly action: 'refuse'; readonly why: string };

type Fields = Readonly<Record<string, unknown>>;

/** An event selects what the function is configured for, and brings nothing of its own (threats T71, T84). Opens no socket. */
export function readEvent(event: unknown, configuration: Configuration): Request {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return refuse('the event is no object');
  const fields = event as Fields;
  const request = 'action' in fields ? readOwn(fields, configuration) : readOriginal(fields, configuration);
  if (request.action !== MIRROR_ACTION || configuration.duty === 'mirror') return request;
  return refuse('this function only looks: mirroring is asked of the other one');
}

function readOwn(fields: Fields, { address }: Configuration): Request {
  const { action, document, listing, scheduled, expect, ...others } = fields;
  if (document !== address) return refuse('the event names another document');
  if (Object.keys(others).length > 0) return refuse('the event has fields that mean nothing here');
  if (action === VERIFY_ACTION) return { action };
  if (action === PLAN_ACTION) {
    if (listing !== 'always' && listing !== 'when-moved') return refuse('listing must be always or when-moved');
    return { action, listing };
  }
  if (action !== MIRROR_ACTION) return refuse('the event asks for an action that there is not');
  return { action, scheduled: scheduled === true, ...(expect !== undefined && { expect: expect as Value }) };
}

/** The event of the function that trueup's mirror replaces (research: originals). */
function readOriginal(fields: Fields, configuration: Configuration): Request {
  const { Domain, MasterDns, ZoneId, IgnoreTTL, ZoneSerial } = fields;
  if (!isText(Domain) || !isText(MasterDns) || !isText(ZoneId)) {
    return refuse('Domain, MasterDns and ZoneId must be text and not empty');
  }
  if (!isFlag(IgnoreTTL)) return refuse('IgnoreTTL must be true or false');
  if (!isSerial(ZoneSerial)) return refuse('ZoneSerial must be a serial or empty');
  const { spec } = configuration.document;
  const isOurs =
    ZoneId === configuration.zoneId &&
    sameDomain(Domain, spec.domain) &&
    spec.primaries.some((primary) => samePrimary(primary, MasterDns));
  return isOurs ? { action: MIRROR_ACTION, scheduled: false } : refuse('the event names another mirror');
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean' || (typeof value === 'string' && /^(true|false)$/i.test(value));
}

function isSerial(value: unknown): boolean {
  if (value === '') return true;
  return /^\d{1,10}$/.test(String(value)) && (typeof value === 'string' || typeof value === 'number');
}

function sameDomain(left: string, right: string): boolean {
  try {
    return foldName(parseName(left, 'decimal')) === foldName(parseName(right, 'decimal'));
  } catch {
    return false;
  }
}

function samePrimary(left: string, right: string): boolean {
  try {
    const [a, b] = [parsePrimary(left), parsePrimary(right)];
    return a.host.toLowerCase() === b.host.toLowerCase() && a.port === b.port;
  } catch {
    return false;
  }
}

function refuse(why: string): Request {
  return { action: 'refuse', why };
}
