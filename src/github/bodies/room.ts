/**
 * How long the body of a comment or an issue may be. GitHub takes 65,536 characters. Measured are octets of UTF-8: a text
 * never has fewer of them than UTF-16 units.
 */
export const BODY_LIMIT = 60_000;

/** How long a job summary may be, in octets: GitHub takes 1 MiB a step and refuses what is longer. */
export const SUMMARY_LIMIT = 900 * 1_024;

/** Octets of UTF-8. */
export function sizeOf(text: string): number {
  return Buffer.byteLength(text);
}

/** What of some rows has room, and which items have none. */
export interface Fitted<Item> {
  readonly text: string;
  readonly left: readonly Item[];
}

/** The rows of as many items as have room, in their order. A row ends with its newline. */
export function fit<Item>(items: readonly Item[], room: number, rowOf: (item: Item) => string): Fitted<Item> {
  const rows: string[] = [];
  const left: Item[] = [];
  let rest = room;
  for (const item of items) {
    const row = rowOf(item);
    const size = sizeOf(row);
    if (size > rest) {
      left.push(item);
      continue;
    }
    rows.push(row);
    rest -= size;
  }
  return { text: rows.join(''), left };
}

/** Sections of one page, the more important ones first. Each is told how much room it has, and keeps to it. */
export type Section = (room: number) => string;

/** Octets that are kept for every section that comes later: its shortest form has room there. */
export const LEAST_ROOM = 1_500;

/** Every section gets what those before it left, but for what the shortest forms of those after it need. */
export function share(sections: readonly Section[], room: number): readonly string[] {
  let rest = room;
  return sections.map((section, index) => {
    const text = section(Math.max(rest - LEAST_ROOM * (sections.length - 1 - index), 0));
    rest -= sizeOf(text);
    return text;
  });
}
