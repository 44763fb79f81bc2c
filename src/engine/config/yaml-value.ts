import { isAlias, isMap, isScalar, isSeq, type Alias, type ParsedNode } from 'yaml';
import { pointerSegments } from './pointer.ts';
import type { Span } from './source-text.ts';
import { nodeSpan, type AliasTargets } from './yaml-limits.ts';
import type { YamlDocument } from './yaml.ts';

/** A mapping as data: no prototype, so that no key means anything but itself. */
export type PlainMap = Record<string, unknown>;

export function plainMap(): PlainMap {
  const map: PlainMap = Object.create(null);
  return map;
}

export function isPlainMap(value: unknown): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function targetOf(alias: Alias.Parsed, targets: AliasTargets): ParsedNode {
  const target = targets.get(alias);
  if (!target) throw new TypeError(`the alias ${alias.source} was not measured`);
  return target;
}

/** Plain data of a node; each alias is a fresh copy. */
export function valueOf(node: ParsedNode, targets: AliasTargets): unknown {
  if (isAlias(node)) return valueOf(targetOf(node, targets), targets);
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map((item) => valueOf(item, targets));
  const map = plainMap();
  for (const { key, value } of node.items) {
    if (isScalar(key)) map[String(key.value)] = value === null ? null : valueOf(value, targets);
  }
  return map;
}

interface Found {
  readonly key?: ParsedNode;
  readonly value: ParsedNode | null;
}

function step({ value }: Found, segment: string, targets: AliasTargets): Found | undefined {
  const node = isAlias(value) ? targetOf(value, targets) : value;
  if (isMap(node)) return node.items.find(({ key }) => isScalar(key) && key.value === segment);
  const item = isSeq(node) ? node.items[Number(segment)] : undefined;
  return item && { value: item };
}

function find({ root, targets }: YamlDocument, pointer: string): Found | undefined {
  let found: Found | undefined = { value: root };
  for (const segment of pointerSegments(pointer)) found = found && step(found, segment, targets);
  return found;
}

/** The text of a scalar as it stands in the file, quotes taken off; undefined where there is no scalar. */
export function sourceOfScalar(document: YamlDocument, pointer: string): string | undefined {
  const value = find(document, pointer)?.value;
  return isScalar(value) ? value.source : undefined;
}

/** Where the key of a field stands; of the whole document or a list's item its beginning. */
export function keySpan(document: YamlDocument, pointer: string): Span {
  const found = find(document, pointer);
  if (found?.key) return nodeSpan(found.key);
  return valueSpan(document, pointer);
}

/** Where the value of a field stands; of an empty value its key. */
export function valueSpan(document: YamlDocument, pointer: string): Span {
  const { key, value } = find(document, pointer) ?? { value: document.root };
  const isEmpty = value === null || value.range[0] === value.range[1];
  return nodeSpan(isEmpty ? (key ?? document.root) : value);
}
