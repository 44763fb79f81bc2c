import { RE2JS } from 're2js';

/** Longer ones describe no keys. */
const MAX_PATTERN_CHARACTERS = 1_000;
/** Instructions of a compiled pattern: a match takes at most so many steps for each character. */
const MAX_PROGRAM = 5_000;
/** Characters that a pattern is held against (threats T104). */
export const MAX_TEXT_CHARACTERS = 4_096;

export type Pattern = Pick<RE2JS, 'matcher' | 'groupCount' | 'namedGroups'>;

/** A pattern that is refused, with the reason in a clause: `uses look-around, …`. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

const LOOK_AROUND = /\(\?<?[=!]/;
const BACK_REFERENCE = /\\(?:[1-9]|k[<{'])|\(\?P=/;

/**
 * A regular expression whose matches take time in proportion to the text (RE2, <https://github.com/google/re2/wiki/Syntax>).
 *
 * @throws PatternError
 */
export function compilePattern(pattern: string): Pattern {
  if (pattern.length > MAX_PATTERN_CHARACTERS) {
    throw new PatternError(`has ${pattern.length} characters, ${MAX_PATTERN_CHARACTERS} are the most`);
  }
  try {
    const compiled = RE2JS.compile(pattern);
    if (compiled.programSize() > MAX_PROGRAM) throw new PatternError('repeats too much: it would match slowly');
    return compiled;
  } catch (error) {
    if (error instanceof PatternError) throw error;
    throw new PatternError(reasonOf(pattern, error), { cause: error });
  }
}

function reasonOf(pattern: string, error: unknown): string {
  const bare = pattern.replaceAll('\\\\', '');
  if (LOOK_AROUND.test(bare.replaceAll('\\(', ''))) return 'uses look-around, which cannot be matched in linear time';
  if (BACK_REFERENCE.test(bare)) return 'uses a back-reference, which cannot be matched in linear time';
  const message = error instanceof Error ? error.message : String(error);
  return `is no regular expression of RE2: ${message.replace(/^error parsing regexp: /, '')}`;
}
