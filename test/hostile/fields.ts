/** Fields whose values are a closed set of the program's own words: no stranger's text is ever in them. */
const CLOSED: ReadonlySet<string> = new Set([
  'format',
  'severity',
  'action',
  'reason',
  'cause',
  'confidence',
  'outcome',
]);

interface Injected<Data> {
  /** Names of fields; items of a list share theirs. */
  readonly field: string;
  readonly data: Data;
}

/** Copies of some data, each with the text in another one of its fields. */
export function injections<Data>(data: Data, text: string): readonly Injected<Data>[] {
  const found = new Map<string, readonly (string | number)[]>();
  collect(data, [], found);
  return [...found].map(([field, path]) => ({ field, data: replaced(data, path, text) as Data }));
}

function collect(value: unknown, path: readonly (string | number)[], found: Map<string, readonly (string | number)[]>) {
  if (typeof value === 'string') {
    const field = path.map((part) => (typeof part === 'number' ? '*' : part)).join('.');
    if (!CLOSED.has(String(path.at(-1))) && !found.has(field)) found.set(field, path);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  for (const [key, item] of Object.entries(value)) collect(item, [...path, isList ? Number(key) : key], found);
}

function replaced(value: unknown, [part, ...rest]: readonly (string | number)[], text: string): unknown {
  if (part === undefined) return text;
  if (Array.isArray(value)) return value.map((item: unknown, at) => (at === part ? replaced(item, rest, text) : item));
  return Object.fromEntries(
    Object.entries(value as object).map(([key, item]: [string, unknown]) => [
      key,
      key === part ? replaced(item, rest, text) : item,
    ]),
  );
}
