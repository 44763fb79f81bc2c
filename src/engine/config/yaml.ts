import { Composer, isScalar, Lexer, Parser, type CST, type Document, type ParsedNode } from 'yaml';
import type { Problem } from './problem.ts';
import type { SourceText } from './source-text.ts';
import { MAX_DEPTH, measure, tooDeep, YamlLimitError, type AliasTargets } from './yaml-limits.ts';
import { breaches, TAG_MESSAGE } from './yaml-rules.ts';
import { valueOf } from './yaml-value.ts';

/** One YAML document, and what is needed to find a place in it again. */
export interface YamlDocument {
  readonly root: ParsedNode;
  readonly targets: AliasTargets;
  /** Plain data: mappings have no prototype, aliases are written out. */
  readonly value: unknown;
}

export interface ParsedYaml {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly Problem[];
}

/** The stack holds the document, its open collections and a scalar. What comes out is composed recursively. */
function* boundedTokens(text: string): Generator<CST.Token> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length <= MAX_DEPTH + 2) continue;
    throw tooDeep({ start: parser.offset, end: parser.offset + 1 }, '');
  }
  yield* parser.end();
}

function* documentsOf(text: string): Generator<Document.Parsed> {
  const composer = new Composer({ version: '1.2', schema: 'core', uniqueKeys: false, prettyErrors: false });
  yield* composer.compose(boundedTokens(text), true, text.length);
}

/** The parser's own words, without the piece of the file that some of them end with. */
function reasonOf(message: string): string {
  const reason = message.split(': ', 1)[0] ?? '';
  return `${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
}

function syntaxProblem({ errors, warnings }: Document.Parsed, { text }: SourceText): Problem | undefined {
  const fault = errors[0] ?? warnings[0];
  if (!fault) return undefined;
  const [from, to] = fault.pos;
  const start = from + (/^ */.exec(text.slice(from, to + MAX_DEPTH))?.[0].length ?? 0);
  const span = { start, end: Math.max(to, start + 1) };
  if (fault.code === 'TAG_RESOLVE_FAILED') return { code: 'TU1013', message: TAG_MESSAGE, span, path: '' };
  const message = `not valid YAML: ${reasonOf(fault.message)}`;
  const hint = fault.code === 'TAB_AS_INDENT' ? { hint: 'indent with blanks' } : {};
  return { code: 'TU1001', message, span, path: '', ...hint };
}

function versionProblem({ directives }: Document.Parsed, { text }: SourceText): Problem | undefined {
  const { explicit, version } = directives.yaml;
  if (!explicit || version === '1.2') return undefined;
  const start = text.indexOf('%YAML');
  const message = `YAML ${version} is not allowed: configuration is YAML 1.2`;
  return { code: 'TU1013', message, span: { start, end: start + '%YAML'.length }, path: '', hint: 'remove the line' };
}

function failure(error: unknown): Problem {
  if (error instanceof YamlLimitError) return error.problem;
  return { code: 'TU1001', message: 'not valid YAML: the parser gave up', span: { start: 0, end: 1 }, path: '' };
}

function isEmpty(root: ParsedNode | null): boolean {
  return root === null || (isScalar(root) && root.value === null && root.source === '');
}

/** Reads all documents of one file as YAML 1.2, core schema. Never throws: whatever a parser throws is a problem. */
export function parseYaml(source: SourceText): ParsedYaml {
  const documents: YamlDocument[] = [];
  const problems: Problem[] = [];
  let counted = 0;
  try {
    for (const document of documentsOf(source.text)) {
      const fault = syntaxProblem(document, source) ?? versionProblem(document, source);
      const root = document.contents;
      if (fault) problems.push(fault);
      if (fault || root === null || isEmpty(root)) continue;
      const { targets, values } = measure(root, counted);
      counted = values;
      const found = breaches(source, root);
      for (const problem of found) problems.push(problem);
      if (found.length === 0) documents.push({ root, targets, value: valueOf(root, targets) });
    }
  } catch (error) {
    problems.push(failure(error));
  }
  return { documents, problems };
}
