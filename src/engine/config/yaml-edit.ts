import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { equal } from '../value.ts';
import { positionOf, sourceText } from './source-text.ts';
import { parseYaml, type YamlDocument } from './yaml.ts';

/** Text that takes the place of a piece of a file. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The document that begins in this line (1-based); undefined where there is none, or the file is no YAML. */
export function documentAt(text: string, line: number): YamlDocument | undefined {
  return documentsOf(text).find((document) => document.line === line);
}

/** The text with the edit; undefined where the documents of the file do not say exactly what they should then. */
export function provenEdit(text: string, line: number, edit: Edit, wanted: unknown): string | undefined {
  const edited = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  // The parser is the judge of what was written.
  const [before, after] = [documentsOf(text), documentsOf(edited)];
  if (before.length !== after.length) return undefined;
  const isMeant = after.every(({ value }, index) => {
    const old = before[index];
    return equal(value, old?.line === line ? wanted : old?.value);
  });
  return isMeant ? edited : undefined;
}

function documentsOf(text: string): readonly (YamlDocument & { readonly line: number })[] {
  const source = sourceText('', text);
  const { documents, problems } = parseYaml(source);
  if (problems.length > 0) return [];
  return documents.map((document) => ({ ...document, line: positionOf(source, document.root.range[0]).line }));
}

/** The node under a field or an index, where it stands itself; undefined where there is none or only a reference leads there. */
export function childOf(node: ParsedNode | null | undefined, segment: string): ParsedNode | null | undefined {
  if (isSeq(node)) return node.items[Number(segment)];
  return fieldOf(node, segment)?.value;
}

export function fieldOf(map: ParsedNode | null | undefined, field: string) {
  return isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === field) : undefined;
}

/** The blanks in front of a key; undefined where there is more. */
export function indentOf(text: string, key: ParsedNode): string | undefined {
  const indent = text.slice(text.lastIndexOf('\n', key.range[0] - 1) + 1, key.range[0]);
  return /^ *$/.test(indent) ? indent : undefined;
}

/** Where what a node says ends, without comments and blank lines behind it. */
export function endOf(node: ParsedNode): number {
  if (isMap(node) && !node.flow) {
    const last = node.items.at(-1);
    return last ? endOf(last.value ?? last.key) : node.range[1];
  }
  const last = isSeq(node) && !node.flow ? node.items.at(-1) : undefined;
  return last ? endOf(last) : node.range[1];
}

/** Lines under the line in which something ends, with the line ends of the file. */
export function linesBelow(text: string, offset: number, lines: readonly string[]): Edit {
  const newline = lineEnd(text, offset);
  if (newline === -1) {
    const ending = text.includes('\r\n') ? '\r\n' : '\n';
    return { start: text.length, end: text.length, text: lines.map((line) => ending + line).join('') };
  }
  const ending = text[newline - 1] === '\r' ? '\r\n' : '\n';
  return { start: newline + 1, end: newline + 1, text: lines.map((line) => line + ending).join('') };
}

/** Offset of the line break behind what ends at an offset; -1: there is none. */
export function lineEnd(text: string, offset: number): number {
  return text[offset - 1] === '\n' ? offset - 1 : text.indexOf('\n', offset);
}
