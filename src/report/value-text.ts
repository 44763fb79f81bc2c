import type { Value } from '../engine/types.ts';
import { equal } from '../engine/value.ts';

const AMBIGUOUS = /^$|^\s|\s$|[{}[\]",]/u;

/** A value as people read it, on one line and not yet escaped. Secrets and what only AWS will know are named so. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '(none)';
  if (typeof value !== 'string') return nestedText(value);
  return value === '' || value !== value.trim() ? JSON.stringify(value) : value;
}

function nestedText(value: unknown): string {
  if (typeof value === 'string') return AMBIGUOUS.test(value) ? JSON.stringify(value) : value;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map((item: unknown) => nestedText(item)).join(', ')}]`;
  if ('secret' in value && value.secret === true) return '(secret)';
  if ('$get' in value || '$join' in value) return '(known after apply)';
  const fields = Object.entries(value).map(([key, field]) => `${key}: ${nestedText(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

/**
 * Two values as people read them where a line cannot hold them whole: of records only what differs, and `…` for the rest.
 * What moved must not be in the part that is folded away.
 */
export function differingTexts(one: unknown, other: unknown): readonly [string, string] {
  if (!isRecord(one) || !isRecord(other)) return [valueText(one), valueText(other)];
  const names = [...new Set([...Object.keys(other), ...Object.keys(one)])];
  const moved = names.filter((name) => !equal(one[name] ?? null, other[name] ?? null));
  const pairs = moved.map((name) => [name, differingTexts(one[name], other[name])] as const);
  const rest = moved.length < names.length ? ['…'] : [];
  const textOf = (side: Fields, at: 0 | 1): string => {
    const fields = pairs.filter(([name]) => name in side).map(([name, texts]) => `${name}: ${texts[at]}`);
    return `{ ${[...rest, ...fields].join(', ')} }`;
  };
  return [textOf(one, 0), textOf(other, 1)];
}

type Fields = Readonly<Record<string, Value>>;

function isRecord(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !('secret' in value || '$get' in value || '$join' in value);
}
