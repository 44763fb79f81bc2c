import type { Parameters, TrailRecord } from './types.ts';
import { toolOf } from './tool.ts';

/** Versions of the API behind Lambda's event names: `20150331`, `20150331v2`. */
const API_VERSION = /\d{8}(v\d+)?$/;

/**
 * An event as LookupEvents gives it, its record as JSON (CloudTrail User Guide, "CloudTrail record contents" and
 * "CloudTrail userIdentity element"). Undefined: it cannot be read.
 */
export function readRecord(json: string | undefined): TrailRecord | undefined {
  const record = parsed(json);
  const [eventId, time, source, name] = ['eventID', 'eventTime', 'eventSource', 'eventName'].map((key) =>
    textIn(record, key),
  );
  const at = Date.parse(time ?? '');
  if (eventId === undefined || source === undefined || name === undefined || Number.isNaN(at)) return undefined;
  const identity = objectIn(record, 'userIdentity');
  const context = objectIn(identity, 'sessionContext');
  const sourceIdentity = textIn(context, 'sourceIdentity');
  const session = sessionOf(identity, context);
  const userAgent = textIn(record, 'userAgent') ?? '';
  const isFromConsole =
    textIn(record, 'sessionCredentialFromConsole') === 'true' ||
    textIn(objectIn(context, 'attributes'), 'sessionCredentialFromConsole') === 'true';
  return {
    eventId,
    at: new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    source,
    name: name.replace(API_VERSION, ''),
    parameters: objectIn(record, 'requestParameters'),
    idle: record['readOnly'] === true || record['readOnly'] === 'true' || textIn(record, 'errorCode') !== undefined,
    actor: actorOf(identity),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    ...(session && { session }),
    userAgent,
    how: toolOf(userAgent, isFromConsole),
  };
}

/** Who, in one line: an ARN where there is one; services of AWS and identity-centre users have none. */
function actorOf(identity: Parameters): string {
  const onBehalf = textIn(objectIn(identity, 'onBehalfOf'), 'userId');
  return (
    textIn(identity, 'arn') ??
    textIn(identity, 'invokedBy') ??
    textIn(identity, 'userName') ??
    onBehalf ??
    textIn(identity, 'principalId') ??
    textIn(identity, 'type') ??
    'somebody whom the event does not name'
  );
}

function sessionOf(identity: Parameters, context: Parameters): TrailRecord['session'] {
  const [, role, name] = /:assumed-role\/(?:.*\/)?([^/]+)\/([^/]+)$/.exec(textIn(identity, 'arn') ?? '') ?? [];
  if (role === undefined || name === undefined) return undefined;
  return { role: textIn(objectIn(context, 'sessionIssuer'), 'userName') ?? role, name };
}

function parsed(json: string | undefined): Parameters {
  try {
    return asObject(JSON.parse(json ?? '{}') as unknown);
  } catch {
    return {};
  }
}

export function asObject(value: unknown): Parameters {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Parameters) : {};
}

export function objectIn(object: Parameters, key: string): Parameters {
  return asObject(object[key]);
}

export function textIn(object: Parameters, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The objects of a list; what is cut off in it is left out. */
export function objectsIn(object: Parameters, key: string): readonly Parameters[] {
  const value = object[key];
  return Array.isArray(value) ? value.map(asObject).filter((item) => Object.keys(item).length > 0) : [];
}
