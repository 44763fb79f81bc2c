import { validation } from '../errors.ts';
import { attribute } from '../value.ts';
import type { Item, Value } from '../value.ts';
import type { Placeholders } from './placeholders.ts';
import { isReservedWord } from './reserved-words.ts';
import { isKeyword } from './tokens.ts';
import type { TokenReader } from './tokens.ts';

/** A document path: names of attributes and indexes of lists, `a.b[0]`; it begins with a name. */
export type Path = readonly (string | number)[];

/** @throws ValidationException for a reserved word, or where no path is. */
export function parsePath(reader: TokenReader, placeholders: Placeholders): Path {
  const path: (string | number)[] = [parseName(reader, placeholders)];
  for (;;) {
    if (reader.takeSymbol('.')) path.push(parseName(reader, placeholders));
    else if (reader.takeSymbol('[')) path.push(parseIndex(reader));
    else return path;
  }
}

function parseName(reader: TokenReader, placeholders: Placeholders): string {
  const token = reader.peek();
  const { kind, text } = token;
  if ((kind !== 'word' && kind !== 'alias') || isKeyword(token)) throw reader.syntaxError();
  reader.next();
  if (kind === 'alias') return placeholders.name(text);
  if (isReservedWord(text)) throw validation(`Attribute name is a reserved keyword; reserved keyword: ${text}`);
  return text;
}

function parseIndex(reader: TokenReader): number {
  if (reader.peek().kind !== 'number') throw reader.syntaxError();
  const index = Number(reader.next().text);
  reader.expectSymbol(']');
  return index;
}

/** As error messages show it: `[a, b, [0]]`. */
export function pathText(path: Path): string {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}

/** What is at a path; undefined: nothing. */
export function valueAt(item: Item, path: Path): Value | undefined {
  return path.reduce<Value | undefined>(stepInto, { M: item });
}

function stepInto(value: Value | undefined, step: string | number): Value | undefined {
  if (value === undefined) return undefined;
  if (typeof step === 'number') return 'L' in value ? value.L[step] : undefined;
  return 'M' in value ? attribute(value.M, step) : undefined;
}

/** Paths of one expression, as a tree by their steps; the last step of each has what is said of it. */
export type PathTree<Said> = { readonly said: Said } | { readonly steps: ReadonlyMap<string | number, PathTree<Said>> };

/** @throws ValidationException for paths that overlap, or that take one value for a list and for a map. */
export function treeOf<Said>(entries: readonly { readonly path: Path; readonly said: Said }[]): PathTree<Said> {
  for (const [index, { path }] of entries.entries()) {
    for (const { path: earlier } of entries.slice(0, index)) checkApart(earlier, path);
  }
  return grow(entries, 0);
}

function grow<Said>(entries: readonly { readonly path: Path; readonly said: Said }[], depth: number): PathTree<Said> {
  const groups = new Map<string | number, { readonly path: Path; readonly said: Said }[]>();
  for (const entry of entries) {
    const step = entry.path[depth];
    if (step === undefined) return { said: entry.said };
    groups.set(step, [...(groups.get(step) ?? []), entry]);
  }
  return { steps: new Map([...groups].map(([step, group]) => [step, grow(group, depth + 1)])) };
}

function checkApart(one: Path, two: Path): void {
  const length = Math.min(one.length, two.length);
  const fork = one.slice(0, length).findIndex((step, index) => step !== two[index]);
  if (fork >= 0 && typeof one[fork] === typeof two[fork]) return;
  throw validation(
    `Two document paths ${fork < 0 ? 'overlap' : 'conflict'} with each other; must remove or rewrite one of these paths; path one: ${pathText(one)}, path two: ${pathText(two)}`,
  );
}

/** What an item has at some paths, and only that; elements of a list move together. */
export function project(item: Item, tree: PathTree<unknown>): Item {
  const picked = pick({ M: item }, tree);
  return picked !== undefined && 'M' in picked ? picked.M : {};
}

function pick(value: Value | undefined, tree: PathTree<unknown>): Value | undefined {
  if (value === undefined || 'said' in tree) return value;
  const steps = [...tree.steps];
  if ('M' in value) {
    const kept = steps.flatMap(([step, below]) => {
      const picked = pick(stepInto(value, step), below);
      return picked === undefined ? [] : [[step, picked] as const];
    });
    return kept.length === 0 ? undefined : { M: Object.fromEntries(kept) };
  }
  if (!('L' in value)) return undefined;
  const kept = steps
    .flatMap(([step, below]) => (typeof step === 'number' ? [{ step, below }] : []))
    .sort((left, right) => left.step - right.step)
    .flatMap(({ step, below }) => pick(value.L[step], below) ?? []);
  return kept.length === 0 ? undefined : { L: kept };
}
