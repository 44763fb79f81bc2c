import { DnsSyntaxError } from './errors.ts';
import { readEscape } from './escape.ts';
import { isAtOrBelow, labelsOf } from './name.ts';
import { typeCode } from './rr-types.ts';
import type { WireName } from './types.ts';

/** Names that a mirror neither writes nor removes. */
export interface ExcludeRule {
  /**
   * Glob over the name relative to the zone: `@` is the apex, `*` any octets within and across labels, `\*` a star.
   * Other escapes as in master files.
   */
  readonly name: string;
  /** Mnemonics; absent: every type. */
  readonly types?: readonly string[] | undefined;
}

export type Excluder = (name: WireName, type: number) => boolean;

/** Stand outside the octets, so that a dot inside a label is not a boundary and a label `@` is not the apex. */
const BOUNDARY = '\u0100';
const APEX = '\u0101';

interface CompiledRule {
  /** Literal text between the stars; one element: no star. */
  readonly literals: readonly string[];
  /** Absent: every type. */
  readonly types: ReadonlySet<number> | undefined;
}

/**
 * One function for all rules.
 * @throws DnsSyntaxError for a glob with a bad escape and for a type that does not exist.
 */
export function compileExclude(rules: readonly ExcludeRule[], origin: WireName): Excluder {
  if (rules.length === 0) return () => false;
  const compiled = rules.map(compileRule);
  return (name, type) => {
    const subject = subjectOf(name, origin);
    return compiled.some(({ literals, types }) => types?.has(type) !== false && matches(literals, subject));
  };
}

function compileRule(rule: ExcludeRule): CompiledRule {
  const literals = rule.name === '@' ? [APEX] : splitGlob(rule.name);
  return { literals, types: rule.types === undefined ? undefined : new Set(rule.types.map(requiredType)) };
}

function splitGlob(glob: string): string[] {
  const literals: string[] = [];
  let literal = '';
  for (let at = 0; at < glob.length;) {
    const character = glob.charAt(at);
    if (character === '\\') {
      const escape = readEscape(glob, at, 'decimal');
      literal += foldOctet(escape.octet);
      at = escape.end;
      continue;
    }
    at += 1;
    if (character === '*') {
      literals.push(literal);
      literal = '';
    } else {
      literal += character === '.' ? BOUNDARY : foldOctet(character);
    }
  }
  return [...literals, literal];
}

/** Each literal is looked for once, from left to right: no backtracking, whatever the glob. */
function matches(literals: readonly string[], subject: string): boolean {
  const first = literals[0] ?? '';
  const last = literals.at(-1) ?? '';
  if (literals.length === 1) return subject === first;
  if (!subject.startsWith(first) || !subject.endsWith(last)) return false;
  let at = first.length;
  for (const literal of literals.slice(1, -1)) {
    const found = subject.indexOf(literal, at);
    if (found === -1) return false;
    at = found + literal.length;
  }
  return at + last.length <= subject.length;
}

function subjectOf(name: WireName, origin: WireName): string {
  if (name === origin) return APEX;
  const relative = isAtOrBelow(name, origin) ? name.slice(0, name.length - origin.length) : name.slice(0, -1);
  return labelsOf(`${relative}\0`).join(BOUNDARY);
}

function foldOctet(octet: string): string {
  return octet >= 'A' && octet <= 'Z' ? octet.toLowerCase() : octet;
}

function requiredType(mnemonic: string): number {
  const code = typeCode(mnemonic);
  if (code !== undefined) return code;
  throw new DnsSyntaxError(`${JSON.stringify(mnemonic)} is no record type.`, {
    code: 'unknown-type',
    hint: 'Write a mnemonic such as SRV, or TYPE123.',
  });
}
