import { withYamlValue } from '../engine/config/set-yaml.ts';
import type { Answers } from './answers.ts';
import { editorFiles } from './editor.ts';
import { settingsText } from './settings.ts';
import { WORKFLOWS, workflowText } from './workflows.ts';

/** What files are made from: texts that ship with trueup. */
export interface Sources {
  /** Schemas of documents by kind, Settings among them, and what they share. */
  readonly schemas: ReadonlyMap<string, object>;
  readonly common: readonly object[];
  /** Our own workflow by its name. */
  readonly workflow: (name: string) => string;
  /** An example document of a kind, by the name of its schema. */
  readonly template: (schema: string) => string;
}

/** All files of a new estate: path, POSIX separators, and text. Pure. */
export function initFiles(answers: Answers, sources: Sources): ReadonlyMap<string, string> {
  return new Map([
    ['config/settings.yaml', settingsText(answers)],
    ...firstDocument(answers, sources),
    ...WORKFLOWS.map((name): [string, string] => [
      `.github/workflows/${name}.yml`,
      workflowText(sources.workflow(name), answers),
    ]),
    ...editorFiles(sources.schemas, sources.common),
  ]);
}

function firstDocument({ first }: Answers, { schemas, template }: Sources): readonly [string, string][] {
  if (!first) return [];
  const { kind, name } = first;
  const { $id } = schemas.get(kind) as { readonly $id: string };
  const schema = $id.replace(/\.schema\.json$/, '');
  const text = template(schema);
  const named = withYamlValue(text, firstLine(text), '/metadata/name', name);
  if (named === undefined) throw new Error(`the template of ${kind} has no place for a name`);
  return [[firstPath(schema, name), named]];
}

function firstPath(schema: string, name: string): string {
  return `config/${schema}/${name}.yaml`;
}

/** The line (1-based) in which a template's document begins: behind its comments. */
function firstLine(text: string): number {
  return text.split('\n').findIndex((line) => !line.startsWith('#')) + 1;
}
