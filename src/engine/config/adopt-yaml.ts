import { isMap, isScalar, type ParsedNode } from 'yaml';
import { valueAt } from './candidate.ts';
import { positionOf, sourceText } from './source-text.ts';
import { isPlainMap } from './yaml-value.ts';
import { parseYaml, type YamlDocument } from './yaml.ts';

/** Text that takes the place of a piece of a file. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The text of a file with `adopt: true` in the metadata of the document of this name that begins in this line (1-based); everything
 * else, comments and layout included, is as it was. Undefined where it cannot be put there without touching more:
 * metadata by reference, explicit keys.
 */
export function withAdopt(text: string, line: number, name: string): string | undefined {
  const before = documentAt(text, line);
  if (before && valueAt(before.value, 'metadata', 'name') !== name) return undefined;
  const edit = before && editOf(text, before);
  if (!edit) return undefined;
  const edited = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  // The parser is the judge of what was written.
  const after = documentAt(edited, line);
  return after && isAdopted(after) && meaning(after) === meaning(before) ? edited : undefined;
}

function documentAt(text: string, line: number): YamlDocument | undefined {
  const source = sourceText('', text);
  const { documents, problems } = parseYaml(source);
  if (problems.length > 0) return undefined;
  return documents.find(({ root }) => positionOf(source, root.range[0]).line === line);
}

function isAdopted({ value }: YamlDocument): boolean {
  return valueAt(value, 'metadata', 'adopt') === true;
}

/** All that a document says but for `metadata.adopt`. */
function meaning({ value }: YamlDocument): string {
  const metadata = valueAt(value, 'metadata');
  const rest = isPlainMap(metadata) ? { ...metadata, adopt: undefined } : metadata;
  return JSON.stringify(isPlainMap(value) ? { ...value, metadata: rest } : value);
}

function editOf(text: string, { root }: YamlDocument): Edit | undefined {
  const metadata = fieldOf(root, 'metadata')?.value;
  const name = fieldOf(metadata, 'name');
  if (!isMap(metadata) || !name?.value) return undefined;
  const adopt = fieldOf(metadata, 'adopt')?.value;
  if (adopt) return { start: adopt.range[0], end: adopt.range[1], text: 'true' };
  const end = name.value.range[1];
  if (!metadata.flow) return lineBelow(text, end, indentOf(text, name.key));
  const key = text[name.key.range[0]] === '"' ? '"adopt"' : 'adopt';
  return { start: end, end, text: `, ${key}: true` };
}

function fieldOf(map: ParsedNode | null | undefined, field: string) {
  return isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === field) : undefined;
}

/** The blanks in front of a key; undefined where there is more. */
function indentOf(text: string, key: ParsedNode): string | undefined {
  const indent = text.slice(text.lastIndexOf('\n', key.range[0] - 1) + 1, key.range[0]);
  return /^ *$/.test(indent) ? indent : undefined;
}

function lineBelow(text: string, offset: number, indent: string | undefined): Edit | undefined {
  if (indent === undefined) return undefined;
  const newline = text[offset - 1] === '\n' ? offset - 1 : text.indexOf('\n', offset);
  if (newline === -1) return { start: text.length, end: text.length, text: `\n${indent}adopt: true` };
  const ending = text[newline - 1] === '\r' ? '\r\n' : '\n';
  return { start: newline + 1, end: newline + 1, text: `${indent}adopt: true${ending}` };
}
