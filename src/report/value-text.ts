import type { Change, Value } from '../engine/types.ts';

const AMBIGUOUS = /^$|^\s|\s$|[{}[\]",]/u;

/** A value as people read it, on one line and not yet escaped. */
export function valueText(value: Change['after']): string {
  if (value === null) return '(none)';
  if (typeof value === 'string') return value === '' || value !== value.trim() ? JSON.stringify(value) : value;
  return nestedText(value as Value);
}

function nestedText(value: Value): string {
  if (typeof value === 'string') return AMBIGUOUS.test(value) ? JSON.stringify(value) : value;
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(nestedText).join(', ')}]`;
  if (isSecret(value)) return '(secret)';
  if ('$get' in value || '$join' in value) return '(known after apply)';
  const fields = Object.entries(value).map(([key, field]) => `${key}: ${nestedText(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function isSecret(value: object): boolean {
  return 'secret' in value && value.secret === true;
}
