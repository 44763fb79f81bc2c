import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { parseAst } from 'vitest/node';

/** A regular expression as it stands in a source file. */
export interface RegexLiteral {
  readonly file: string;
  readonly regex: RegExp;
}

/** Every literal in the TypeScript files below a folder, tests left out. */
export function regexLiterals(folder: string): readonly RegexLiteral[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((file) => {
      const { code } = transformSync(readFileSync(join(folder, file), 'utf8'), { loader: 'ts' });
      return [...literalsIn(parseAst(code))].map((regex) => ({ file, regex }));
    });
}

interface Node {
  readonly type?: string;
  readonly regex?: { readonly pattern: string; readonly flags: string };
}

function* literalsIn(node: unknown): Generator<RegExp> {
  if (typeof node !== 'object' || node === null) return;
  const { type, regex } = node as Node;
  if (type === 'Literal' && regex) yield new RegExp(regex.pattern, regex.flags);
  else for (const child of Object.values(node)) yield* literalsIn(child);
}

/** Characters of the kinds that patterns tell apart; the common ones come in pairs with what a pattern names. */
const KINDS = ['A', '-', '"', '\\', '\u0301'];
const COMMON = ['a', '0', ' '];
/** What keeps a match from ending at the end. */
const ENDS = ['', '\u0001'];

/**
 * Texts that make a pattern try again and again: whatever it names, over and over, behind what it begins with, so that
 * only the end shows that nothing fits.
 */
export function* hostileTexts({ source }: RegExp, length: number): Generator<string> {
  const plain = source.replaceAll(/\\([^a-z0-9])/gi, '$1');
  const words = [...new Set(plain.match(/[A-Za-z][\w=./:@-]{2,}/g))];
  const characters = [...new Set([...plain.replaceAll(/[A-Za-z0-9]/g, '').split(''), ...COMMON])];
  const pairs = characters.flatMap((left) => characters.map((right) => (left === right ? left : left + right)));
  const beginning = /^\^((?:[\w":/ -](?![*+?{|])|\\\/)+)/.exec(source)?.[1]?.replaceAll('\\/', '/');
  for (const begin of new Set(['', beginning ?? ''])) {
    for (const piece of [...pairs, ...KINDS, ...words]) {
      for (const end of ENDS) yield begin + piece.repeat(Math.ceil(length / piece.length)).slice(0, length) + end;
    }
  }
}
