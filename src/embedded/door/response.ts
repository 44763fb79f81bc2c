import { FAILED } from './request.ts';
import type { DoorAnswer } from './request.ts';

/** RFC 9110, "Field Names" and "Field Values". */
const NAME = /^[!#-'*+.0-9A-Z^-z|~-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers of one connection, and the length, which follows from the body. */
const OWN: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * What API Gateway makes of what a function answered (Developer guide, "Lambda function response for format 2.0"):
 * JSON without `statusCode` is the body of an answer with the status 200.
 */
export function interpret(payload: string): DoorAnswer {
  const answer = parse(payload);
  if (answer === undefined) return FAILED;
  if (typeof answer.value !== 'object' || answer.value === null || !('statusCode' in answer.value)) {
    const body = typeof answer.value === 'string' ? answer.value : payload;
    return { status: 200, headers: [['content-type', 'application/json']], body };
  }
  return structured(answer.value) ?? FAILED;
}

function parse(payload: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(payload) as unknown };
  } catch {
    return undefined;
  }
}

interface Structured {
  readonly statusCode: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/** Undefined: it is none that a client could be given. */
function structured({ statusCode, headers, cookies, body, isBase64Encoded }: Structured): DoorAnswer | undefined {
  const status = typeof statusCode === 'string' ? Number(statusCode) : statusCode;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599) return undefined;
  const fields = headerFields(headers);
  const set = cookieFields(cookies);
  if (fields === undefined || set === undefined) return undefined;
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined;
  const hasType = fields.some(([name]) => name === 'content-type');
  const text = body ?? '';
  return {
    status,
    headers: [...(hasType ? [] : [['content-type', 'text/plain;charset=UTF-8'] as const]), ...fields, ...set],
    body: isBase64Encoded === true ? Buffer.from(text, 'base64') : text,
  };
}

type Fields = readonly (readonly [string, string])[];

function headerFields(headers: unknown): Fields | undefined {
  if (headers === undefined || headers === null) return [];
  if (typeof headers !== 'object' || Array.isArray(headers)) return undefined;
  const fields: (readonly [string, string])[] = [];
  for (const [given, value] of Object.entries(headers as Record<string, unknown>)) {
    const name = given.toLowerCase();
    if (OWN.has(name)) continue;
    if (!['string', 'number', 'boolean'].includes(typeof value)) return undefined;
    const text = String(value);
    if (!NAME.test(name) || !VALUE.test(text)) return undefined;
    fields.push([name, text]);
  }
  return fields;
}

function cookieFields(cookies: unknown): Fields | undefined {
  if (cookies === undefined || cookies === null) return [];
  if (!Array.isArray(cookies)) return undefined;
  const texts = cookies.filter((cookie): cookie is string => typeof cookie === 'string' && VALUE.test(cookie));
  return texts.length === cookies.length ? texts.map((text) => ['set-cookie', text]) : undefined;
}
