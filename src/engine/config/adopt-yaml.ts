import { isMap } from 'yaml';
import { valueAt } from './candidate.ts';
import { withValueAt } from './edit-value.ts';
import { documentAt, fieldOf, indentOf, linesBelow, provenEdit, type Edit } from './yaml-edit.ts';
import type { YamlDocument } from './yaml.ts';

/**
 * The text of a file with `adopt: true` in the metadata of the document of this name that begins in this line (1-based); everything
 * else, comments and layout included, is as it was. Undefined where it cannot be put there without touching more:
 * metadata by reference, explicit keys.
 */
export function withAdopt(text: string, line: number, name: string): string | undefined {
  const before = documentAt(text, line);
  if (before && valueAt(before.value, 'metadata', 'name') !== name) return undefined;
  const edit = before && editOf(text, before);
  return edit && provenEdit(text, line, edit, withValueAt(before.value, '/metadata/adopt', true));
}

function editOf(text: string, { root }: YamlDocument): Edit | undefined {
  const metadata = fieldOf(root, 'metadata')?.value;
  const name = fieldOf(metadata, 'name');
  if (!isMap(metadata) || !name?.value) return undefined;
  const adopt = fieldOf(metadata, 'adopt')?.value;
  if (adopt) return { start: adopt.range[0], end: adopt.range[1], text: 'true' };
  const end = name.value.range[1];
  const indent = indentOf(text, name.key);
  if (!metadata.flow) return indent === undefined ? undefined : linesBelow(text, end, [`${indent}adopt: true`]);
  const key = text[name.key.range[0]] === '"' ? '"adopt"' : 'adopt';
  return { start: end, end, text: `, ${key}: true` };
}
