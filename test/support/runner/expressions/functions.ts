import { equal, textOf } from './values.ts';

type Callable = (...args: readonly unknown[]) => unknown;

/** Those that depend on nothing but their arguments; names are lower case, as case does not matter. */
export const FUNCTIONS: ReadonlyMap<string, Callable> = new Map<string, Callable>([
  ['contains', contains],
  ['startswith', (text, start) => lower(text).startsWith(lower(start))],
  ['endswith', (text, end) => lower(text).endsWith(lower(end))],
  ['format', format],
  ['join', (list, separator = ',') => (Array.isArray(list) ? list.map(textOf).join(textOf(separator)) : textOf(list))],
  ['tojson', (value) => JSON.stringify(value ?? null, null, 2)],
  ['fromjson', (text) => JSON.parse(textOf(text)) as unknown],
]);

function lower(value: unknown): string {
  return textOf(value).toLowerCase();
}

function contains(container: unknown, item: unknown): boolean {
  if (Array.isArray(container)) return container.some((element) => equal(element, item));
  return lower(container).includes(lower(item));
}

function format(template: unknown, ...values: readonly unknown[]): string {
  return textOf(template).replaceAll(/\{\{|\}\}|\{(\d+)\}/g, (match, index: string | undefined) =>
    index === undefined ? match[0]! : textOf(values[Number(index)]),
  );
}
