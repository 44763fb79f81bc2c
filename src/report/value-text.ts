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
