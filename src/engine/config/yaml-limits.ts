import { isAlias, isMap, isScalar, isSeq, type Alias, type ParsedNode } from 'yaml';
import { childPointer } from './pointer.ts';
import type { Problem } from './problem.ts';
import type { Span } from './source-text.ts';

/** Levels of nesting, aliases written out (threat T02). */
export const MAX_DEPTH = 64;
/** Aliases in one document (threat T01). */
const MAX_ALIASES = 100;
/** Mappings, lists and scalar values in one file, aliases written out (threat T01). */
const MAX_VALUES = 100_000;

/** What each alias of a document stands for. */
export type AliasTargets = ReadonlyMap<Alias.Parsed, ParsedNode>;

/** Thrown at the first limit that is passed: nothing of the document is expanded. */
export class YamlLimitError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'YamlLimitError';
    this.problem = problem;
  }
}

export function tooDeep(span: Span, path: string): YamlLimitError {
  return new YamlLimitError({ code: 'TU1014', message: `nested deeper than ${MAX_DEPTH} levels`, span, path });
}

function tooMuch(node: ParsedNode, path: string, message: string): YamlLimitError {
  return new YamlLimitError({ code: 'TU1014', message, span: nodeSpan(node), path });
}

/** A node's own text, at least one character, so that a caret has something to stand under. */
export function nodeSpan({ range }: ParsedNode): Span {
  return { start: range[0], end: Math.max(range[1], range[0] + 1) };
}

interface Extent {
  readonly values: number;
  readonly height: number;
}

/**
 * Resolves the aliases of one document and counts what they would become, without writing anything out.
 * `counted` holds the values of earlier documents of the file. Linear in the size of the file.
 */
export function measure(root: ParsedNode, counted: number): { targets: AliasTargets; values: number } {
  const targets = new Map<Alias.Parsed, ParsedNode>();
  const anchors = new Map<string, ParsedNode>();
  const extents = new Map<ParsedNode, Extent>();
  let values = counted;

  function visitAlias(alias: Alias.Parsed, path: string): number {
    const target = anchors.get(alias.source);
    if (!target) {
      const message = 'the alias has no anchor before it';
      throw new YamlLimitError({ code: 'TU1001', message, span: nodeSpan(alias), path });
    }
    const extent = extents.get(target);
    if (!extent) throw tooMuch(alias, path, 'the alias stands inside of what it repeats');
    targets.set(alias, target);
    if (targets.size > MAX_ALIASES) throw tooMuch(alias, path, `more than ${MAX_ALIASES} aliases`);
    values += extent.values;
    return extent.height;
  }

  function visitChildren(node: ParsedNode, path: string, depth: number): number {
    let height = 0;
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        if (isScalar(key) && key.anchor !== undefined) visit(key, path, depth);
        const name = isScalar(key) ? String(key.value) : '';
        if (value) height = Math.max(height, visit(value, childPointer(path, name), depth + 1));
      }
      return height + 1;
    }
    if (!isSeq(node)) return 0;
    for (const [index, item] of node.items.entries()) {
      height = Math.max(height, visit(item, childPointer(path, index), depth + 1));
    }
    return height + 1;
  }

  function visit(node: ParsedNode, path: string, depth: number): number {
    const before = values;
    if (isAlias(node)) {
      const height = visitAlias(node, path);
      if (depth + height > MAX_DEPTH) throw tooDeep(nodeSpan(node), path);
      checkValues(node, path);
      return height;
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    values += 1;
    checkValues(node, path);
    if (!isScalar(node) && depth >= MAX_DEPTH) throw tooDeep(nodeSpan(node), path);
    const height = visitChildren(node, path, depth);
    extents.set(node, { values: values - before, height });
    return height;
  }

  function checkValues(node: ParsedNode, path: string): void {
    if (values <= MAX_VALUES) return;
    const limit = MAX_VALUES.toLocaleString('en');
    throw tooMuch(node, path, `more than ${limit} values in one file, aliases written out`);
  }

  visit(root, '', 0);
  return { targets, values };
}
