import { compilePattern, MAX_TEXT_CHARACTERS, PatternError } from './pattern.ts';
import type { Pattern } from './pattern.ts';
import type { Replacement } from './types.ts';

/** Replaces the first match. */
export type Replace = (text: string) => string;

/** A piece of a template: text, or what a group matched. */
type Piece = string | { readonly group: number };

const REFERENCE = /\$(?:(?<digit>[1-9])|<(?<name>[^<>]*)>|(?<sign>[$&]))|\$/g;

/** @throws PatternError for a pattern that is none, or a template that names a group which the pattern does not have */
export function compileReplacement({ pattern, with: template }: Replacement): Replace {
  const compiled = compilePattern(pattern);
  const pieces = readTemplate(template, compiled);
  return (text) => {
    const matcher = compiled.matcher(text.slice(0, MAX_TEXT_CHARACTERS));
    if (!matcher.find()) return text;
    const put = pieces.map((piece) => (typeof piece === 'string' ? piece : (matcher.group(piece.group) ?? '')));
    return text.slice(0, matcher.start()) + put.join('') + text.slice(matcher.end());
  };
}

function readTemplate(template: string, compiled: Pattern): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of template.matchAll(REFERENCE)) {
    pieces.push(template.slice(from, match.index), readReference(match[0], match.groups ?? {}, compiled));
    from = match.index + match[0].length;
  }
  return [...pieces, template.slice(from)];
}

function readReference(text: string, { digit, name, sign }: Partial<Record<string, string>>, compiled: Pattern): Piece {
  if (sign === '$') return '$';
  if (sign === '&') return { group: 0 };
  const group = digit === undefined ? compiled.namedGroups()[name ?? ''] : Number(digit);
  if (group !== undefined && group <= compiled.groupCount()) return { group };
  if (text === '$') throw new PatternError('has a replacement with a single $: write $$ for a dollar sign');
  throw new PatternError(`has no group ${text} for its replacement`);
}
