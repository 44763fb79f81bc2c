/** A page as a client asks for it. */
export interface PageRequest {
  readonly token: string | undefined;
  /** Most items of a page. */
  readonly size: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Undefined: this is the last page. */
  readonly next: string | undefined;
}

/**
 * A page of items in the ASCII order of their keys. The token holds the last key that was shown, so that items made
 * or removed between two pages neither repeat nor hide others.
 *
 * @param refuse the service's error for a token that it never gave out.
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { token, size }: PageRequest,
  refuse: () => Error,
): Page<Item> {
  const last = token === undefined ? undefined : readToken(token, refuse);
  const rest = items
    .filter((item) => last === undefined || keyOf(item) > last)
    .sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  const shown = rest.slice(0, size);
  const end = shown.at(-1);
  return { items: shown, next: end === undefined || rest.length <= size ? undefined : writeToken(keyOf(end)) };
}

const TOKEN = /^after:([^]+)$/;

function writeToken(key: string): string {
  return Buffer.from(`after:${key}`).toString('base64url');
}

function readToken(token: string, refuse: () => Error): string {
  const last = TOKEN.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (last === undefined) throw refuse();
  return last;
}
