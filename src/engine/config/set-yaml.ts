import { isMap, isSeq, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';
import { deepestPresent, withValueAt } from './edit-value.ts';
import { pointerSegments } from './pointer.ts';
import { flowText, scalarText } from './scalar-text.ts';
import {
  childOf,
  documentAt,
  endOf,
  fieldOf,
  indentOf,
  lineEnd,
  linesBelow,
  provenEdit,
  type Edit,
} from './yaml-edit.ts';

/** Blanks of one level where nothing in the document tells. */
const STEP = '  ';

/**
 * The text of a file in which the document that begins in this line (1-based) has another value at a JSON pointer:
 * a plain value in place of a plain one, a field that was not there, an item behind the last one of a list; undefined as
 * the value takes the field or item away. All other characters stay as they are. Undefined where that cannot be: values
 * by reference, text in lines of its own, comments in what goes.
 */
export function withYamlValue(text: string, line: number, pointer: string, value: unknown): string | undefined {
  const document = documentAt(text, line);
  if (!document) return undefined;
  const edit = value === undefined ? removal(text, document.root, pointer) : setting(text, document, pointer, value);
  return edit && provenEdit(text, line, edit, withValueAt(document.value, pointer, value));
}

function setting(
  text: string,
  { root, value: all }: { readonly root: ParsedNode; readonly value: unknown },
  pointer: string,
  value: unknown,
): Edit | undefined {
  const { present, missing } = deepestPresent(all, pointer);
  const node = nodeAt(root, present);
  if (!node) return undefined;
  if (missing.length === 0) return replacement(node, value);
  if (isMap(node)) return addition(text, node, missing, value);
  return isSeq(node) && missing.length === 1 ? appending(text, node, value) : undefined;
}

function nodeAt(root: ParsedNode, pointer: string): ParsedNode | null | undefined {
  return pointerSegments(pointer).reduce<ParsedNode | null | undefined>(childOf, root);
}

function replacement(node: ParsedNode, value: unknown): Edit | undefined {
  const text = scalarText(value, node);
  return text === undefined ? undefined : { start: node.range[0], end: node.range[1], text };
}

type Map = YAMLMap.Parsed;
type Seq = YAMLSeq.Parsed;

/** A field behind the last one of a mapping, with the mappings that it stands in. */
function addition(text: string, map: Map, path: readonly string[], value: unknown): Edit | undefined {
  const last = map.items.at(-1);
  const written = flowText(value);
  if (written === undefined) return undefined;
  if (!last) {
    // An empty flow.
    const nested = flowOf(path, written, '');
    return { start: map.range[0], end: map.range[1], text: `{ ${nested} }` };
  }
  const end = endOf(last.value ?? last.key);
  if (map.flow) {
    const quote = text[last.key.range[0]] === '"' ? '"' : '';
    return { start: end, end, text: `, ${flowOf(path, written, quote)}` };
  }
  const indent = indentOf(text, last.key);
  if (indent === undefined) return undefined;
  const lines = path.map((key, depth) => `${indent}${STEP.repeat(depth)}${key}:`);
  return linesBelow(text, end, [...lines.slice(0, -1), `${lines.at(-1) ?? ''} ${written}`]);
}

function flowOf(path: readonly string[], value: string, quote: string): string {
  const [key = '', ...rest] = path;
  return `${quote}${key}${quote}: ${rest.length === 0 ? value : `{ ${flowOf(rest, value, quote)} }`}`;
}

function appending(text: string, list: Seq, value: unknown): Edit | undefined {
  const last = list.items.at(-1);
  const written = flowText(value);
  if (!last || written === undefined) return undefined;
  const end = endOf(last);
  if (list.flow) return { start: end, end, text: `, ${written}` };
  const dash = dashOf(text, last);
  return dash === undefined ? undefined : linesBelow(text, end, [`${dash}${written}`]);
}

/** What stands in front of an item on its line, where that is blanks and a dash. */
function dashOf(text: string, item: ParsedNode): string | undefined {
  const dash = text.slice(text.lastIndexOf('\n', item.range[0] - 1) + 1, item.range[0]);
  return /^ *- +$/.test(dash) ? dash : undefined;
}

function removal(text: string, root: ParsedNode, pointer: string): Edit | undefined {
  const segments = pointerSegments(pointer);
  const last = segments.pop();
  const parent = segments.reduce<ParsedNode | null | undefined>(childOf, root);
  if (last === undefined || !(isMap(parent) || isSeq(parent)) || parent.items.length < 2) return undefined;
  const parts = partsOf(parent);
  const index = isSeq(parent) ? Number(last) : parent.items.findIndex((item) => item === fieldOf(parent, last));
  const part = parts[index];
  if (!part) return undefined;
  if (!parent.flow) return lineRemoval(text, part, isSeq(parent) ? /^ *- +$/ : /^ *$/);
  const [before, after] = [parts[index - 1], parts[index + 1]];
  // With the comma in front, or, of the first one, the comma behind.
  const edit = before
    ? { start: before.end, end: part.end, text: '' }
    : { start: part.start, end: after?.start ?? part.end, text: '' };
  return text.slice(edit.start, edit.end).includes('#') ? undefined : edit;
}

interface Part {
  readonly start: number;
  readonly end: number;
}

function partsOf(parent: Map | Seq): readonly Part[] {
  if (isSeq(parent)) return parent.items.map((item) => ({ start: item.range[0], end: endOf(item) }));
  return parent.items.map(({ key, value }) => ({ start: key.range[0], end: endOf(value ?? key) }));
}

/** Whole lines, and none but those of what goes. */
function lineRemoval(text: string, { start, end }: Part, front: RegExp): Edit | undefined {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const newline = lineEnd(text, end);
  const to = newline === -1 ? text.length : newline + 1;
  if (!front.test(text.slice(from, start)) || text.slice(start, to).includes('#')) return undefined;
  return { start: from, end: to, text: '' };
}
