import { remembered } from '../../remembered.ts';

/** Any text · any text within one segment of an ARN · one character · one character but a colon. */
type Wildcard = 'any' | 'any-in-segment' | 'one' | 'one-in-segment';

type Token = { readonly literal: string } | { readonly wildcard: Wildcard };

/** Text with wildcards, policy variables put in. */
export type Pattern = readonly Token[];

/** The one value of a condition key; undefined: the request has none. */
export type VariableLookup = (key: string) => string | undefined;

/** `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and `${*}`, `${?}`, `${$}` for the characters themselves. */
const VARIABLE = /\$\{([^{}]*)\}/y;
const WITH_DEFAULT = /^([^,]+),\s*'([^']*)'$/;
const CHARACTERS: readonly string[] = ['*', '?', '$'];
/** The resource is the sixth part of an ARN; colons in it are ordinary characters. */
const SEGMENTS_BEFORE_RESOURCE = 5;

/** Is every `${` the beginning of a variable that can be read? */
export function hasReadableVariables(text: string): boolean {
  return !text.replaceAll(/\$\{[^{}]+\}/g, '').includes('${');
}

/** A glob: `*` and `?` match everything, as in actions and in StringLike. Undefined: a variable has no value. */
export function compileGlob(text: string, lookup?: VariableLookup): Pattern | undefined {
  return compile(text, lookup, false);
}

/**
 * A resource or ARN: wildcards stay within the parts between colons, but `*` at the end of a part may go beyond
 * (IAM JSON policy elements, "Resource"). Undefined: a variable has no value.
 */
export function compileArn(text: string, lookup?: VariableLookup): Pattern | undefined {
  return compile(text, lookup, true);
}

/** Plain text with variables put in, for operators that know no wildcards. Undefined: a variable has no value. */
export function substitute(text: string, lookup: VariableLookup | undefined): string | undefined {
  const tokens = compile(text, lookup, false);
  return tokens?.map((token) => ('literal' in token ? token.literal : token.wildcard === 'any' ? '*' : '?')).join('');
}

function compile(text: string, lookup: VariableLookup | undefined, isArn: boolean): Pattern | undefined {
  if (lookup !== undefined && text.includes('${')) return read(text, lookup, isArn);
  return isArn ? plainArn(text) : plainGlob(text);
}

/** Texts without variables mean the same in each request. */
const MOST_PATTERNS = 1000;
const plainGlob = remembered(MOST_PATTERNS, (text) => read(text, undefined, false));
const plainArn = remembered(MOST_PATTERNS, (text) => read(text, undefined, true));

function read(text: string, lookup: VariableLookup | undefined, isArn: boolean): Pattern | undefined {
  const tokens: Token[] = [];
  let segment = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '$' && lookup !== undefined) {
      VARIABLE.lastIndex = at;
      const found = VARIABLE.exec(text);
      if (found !== null) {
        const value = valueOf(found[1] ?? '', lookup);
        if (value === undefined) return undefined;
        tokens.push(...Array.from(value, (literal) => ({ literal })));
        at += found[0].length - 1;
        continue;
      }
    }
    if (character === ':') segment += 1;
    const isBound = isArn && segment < SEGMENTS_BEFORE_RESOURCE;
    if (character === '?') tokens.push({ wildcard: isBound ? 'one-in-segment' : 'one' });
    else if (character === '*') {
      const isLast = at + 1 === text.length || text.charAt(at + 1) === ':';
      tokens.push({ wildcard: isBound && !isLast ? 'any-in-segment' : 'any' });
    } else tokens.push({ literal: character });
  }
  return tokens;
}

function valueOf(variable: string, lookup: VariableLookup): string | undefined {
  if (CHARACTERS.includes(variable)) return variable;
  const [, key, fallback] = WITH_DEFAULT.exec(variable) ?? [];
  return lookup((key ?? variable).trim()) ?? fallback;
}

/** All ways through the pattern at once: time is bounded by pattern × text. */
export function matches(pattern: Pattern, text: string): boolean {
  const begin = literalLength(pattern);
  for (let at = 0; at < begin; at += 1) if (!isLiteral(pattern[at], text.charAt(at))) return false;
  let places = skipEmpty(pattern, new Set([begin]));
  for (let at = begin; at < text.length; at += 1) {
    const character = text.charAt(at);
    const next = new Set<number>();
    for (const place of places) {
      const token = pattern[place];
      if (token === undefined || !takes(token, character)) continue;
      next.add('wildcard' in token && token.wildcard.startsWith('any') ? place : place + 1);
    }
    if (next.size === 0) return false;
    places = skipEmpty(pattern, next);
  }
  return places.has(pattern.length);
}

/** Up to the first wildcard there is one way through. */
function literalLength(pattern: Pattern): number {
  const first = pattern.findIndex((token) => 'wildcard' in token);
  return first < 0 ? pattern.length : first;
}

function isLiteral(token: Token | undefined, character: string): boolean {
  return token !== undefined && 'literal' in token && token.literal === character;
}

function takes(token: Token, character: string): boolean {
  if ('literal' in token) return token.literal === character;
  return character !== ':' || !token.wildcard.endsWith('in-segment');
}

/** `*` may stand for nothing. The set grows while it is walked. */
function skipEmpty(pattern: Pattern, places: Set<number>): Set<number> {
  for (const place of places) {
    const token = pattern[place];
    if (token !== undefined && 'wildcard' in token && token.wildcard.startsWith('any')) places.add(place + 1);
  }
  return places;
}
