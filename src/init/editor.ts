/** Where the schemas lie that editors check with: beside the configuration, so that no network is needed. */
export const SCHEMA_FOLDER = '.trueup-schemas';
const ANY_KIND = 'config.schema.json';

/**
 * Editors learn from their settings which schema a file has, for files that are not there yet, too. All documents share
 * one folder, and a file may hold several kinds: so one schema looks at `kind` and leads to that kind's own.
 */
export function editorFiles(
  schemas: ReadonlyMap<string, object>,
  common: readonly object[],
): ReadonlyMap<string, string> {
  const all = [...schemas.values(), ...common];
  return new Map([
    ...all.map((schema): [string, string] => [`${SCHEMA_FOLDER}/${idOf(schema)}`, json(schema)]),
    [`${SCHEMA_FOLDER}/${ANY_KIND}`, json(anyKind(schemas))],
    [
      '.vscode/settings.json',
      json({ 'yaml.schemas': { [`./${SCHEMA_FOLDER}/${ANY_KIND}`]: ['config/**/*.yaml', 'config/**/*.yml'] } }),
    ],
  ]);
}

function anyKind(schemas: ReadonlyMap<string, object>): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: ANY_KIND,
    title: 'trueup',
    description: 'A document of any kind.',
    type: 'object',
    required: ['kind'],
    properties: { kind: { description: 'What the document describes.', enum: [...schemas.keys()] } },
    oneOf: [...schemas.values()].map((schema) => ({ $ref: idOf(schema) })),
  };
}

function idOf(schema: object): string {
  const { $id } = schema as { readonly $id: string };
  return $id;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
