import { isJoin, isRef } from '../engine/value.ts';
import type { Value } from '../engine/types.ts';

/** What stands in a template in place of an attribute of another resource. */
export type AttributeForm = (id: string, attribute: string) => Value;

export function ref(logicalId: string): Value {
  return { Ref: logicalId };
}

export function getAtt(logicalId: string, attribute: string): Value {
  return { 'Fn::GetAtt': [logicalId, attribute] };
}

/** A list as text. */
export function commaList(list: Value): Value {
  return { 'Fn::Join': [',', list] };
}

/** Text that stands beside each other is put together; without any reference it stays text. */
export function join(parts: readonly Value[]): Value {
  const merged: Value[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  const [first = ''] = merged;
  return merged.length <= 1 && typeof first === 'string' ? first : { 'Fn::Join': ['', merged] };
}

/**
 * A late value in CloudFormation's words: references become functions, and nothing else does. No text is ever handed to
 * `Fn::Sub`, so that `${…}` in it stays what it is.
 */
export function toTemplate(value: unknown, attributeForm: AttributeForm): Value {
  if (isRef(value)) return attributeForm(...value.$get);
  if (isJoin(value)) return join(value.$join.map((part) => toTemplate(part, attributeForm)));
  if (Array.isArray(value)) return value.map((item) => toTemplate(item, attributeForm));
  if (typeof value !== 'object' || value === null) return value as Value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toTemplate(item, attributeForm)]));
}

const FUNCTION_KEY = /^(?:Ref$|Fn::)/;

/** A key in a declared value that CloudFormation would take for a function of its own; undefined: there is none. */
export function functionKey(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || isRef(value)) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = FUNCTION_KEY.test(key) ? key : functionKey(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
