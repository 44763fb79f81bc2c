import { isMap, isScalar, isSeq, type ParsedNode, type YAMLMap } from 'yaml';
import { childPointer } from './pointer.ts';
import type { Problem } from './problem.ts';
import { isReserved } from './reserved.ts';
import { positionOf, type SourceText, type Span } from './source-text.ts';
import { nodeSpan } from './yaml-limits.ts';

/** Tags of the YAML 1.2 core schema; all others make a value something else than it looks. */
const CORE_TAGS: ReadonlySet<string> = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
);

export const TAG_MESSAGE = 'the tag is not allowed: values are text, numbers, booleans, lists and mappings';

function keyProblem(key: ParsedNode, path: string): Problem | undefined {
  const span = nodeSpan(key);
  if (!isScalar(key) || typeof key.value !== 'string') {
    const hint = isScalar(key) && key.source ? { hint: `quote it: "${key.source}"` } : {};
    return { code: 'TU1013', message: 'a key must be text', span, path, ...hint };
  }
  const keyPath = childPointer(path, key.value);
  if (isReserved(key.value)) {
    return { code: 'TU1023', message: `the key ${key.value} is reserved`, span, path: keyPath };
  }
  if (key.value === '<<' && key.type === 'PLAIN') {
    return {
      code: 'TU1013',
      message: 'merge keys (<<) are not allowed',
      span,
      path: keyPath,
      hint: 'write the fields out',
    };
  }
  return undefined;
}

/**
 * What YAML allows and configuration does not: duplicate, reserved and non-text keys, merge keys, tags. The parser's
 * own search for duplicates is quadratic (threat T03), this one is linear.
 */
export function breaches(source: SourceText, root: ParsedNode): Problem[] {
  const problems: Problem[] = [];

  function visitMap(map: YAMLMap.Parsed, path: string): void {
    const seen = new Map<string, Span>();
    for (const { key, value } of map.items) {
      const problem = keyProblem(key, path);
      if (problem) problems.push(problem);
      const name = isScalar(key) && typeof key.value === 'string' ? key.value : '';
      const keyPath = childPointer(path, name);
      const span = nodeSpan(key);
      const first = seen.get(name);
      if (first && (!problem || problem.code === 'TU1023')) {
        const [line, again] = [first, span].map(({ start }) => positionOf(source, start).line);
        const where = line === again ? `in line ${line}` : `in line ${line} and in line ${again}`;
        const message = `the key ${name} stands twice: ${where}`;
        problems.push({ code: 'TU1002', message, span, path: keyPath, hint: 'remove one of the two' });
      }
      seen.set(name, span);
      if (value) visit(value, keyPath);
    }
  }

  function visit(node: ParsedNode, path: string): void {
    if (node.tag !== undefined && !CORE_TAGS.has(node.tag)) {
      problems.push({ code: 'TU1013', message: TAG_MESSAGE, span: nodeSpan(node), path });
    }
    if (isMap(node)) visitMap(node, path);
    if (isSeq(node)) for (const [index, item] of node.items.entries()) visit(item, childPointer(path, index));
  }

  visit(root, '');
  return problems;
}
