import { parsePath, treeOf } from './path.ts';
import type { Path, PathTree } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import { TokenReader } from './tokens.ts';

/** Reads a projection expression: paths with commas between them. @throws ValidationException */
export function parseProjection(text: string, placeholders: Placeholders): PathTree<true> {
  const reader = new TokenReader(text);
  const paths: Path[] = [parsePath(reader, placeholders)];
  while (reader.takeSymbol(',')) paths.push(parsePath(reader, placeholders));
  reader.expectEnd();
  return treeOf(paths.map((path) => ({ path, said: true as const })));
}
