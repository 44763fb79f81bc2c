import { importSteps } from './import-steps.ts';
import type { ImportStep } from './import-steps.ts';
import { HANDLERS_FOLDER, placeName } from './names.ts';
import type { RenderedPlace, RenderResult } from './types.ts';

/** One JSON file of `--out`. */
export interface RenderedFile {
  /** Relative to the directory. */
  readonly name: string;
  readonly value: object;
}

/** As AWS's tools take them, and what no template holds. */
export function renderedFiles({ templates, leftOut }: RenderResult): readonly RenderedFile[] {
  return [
    ...templates.flatMap((place) => [
      { name: templateFile(place), value: place.template },
      ...importSteps(place).flatMap((step) => [
        { name: importTemplateFile(place, step), value: step.template },
        { name: importFile(place, step), value: step.resources },
      ]),
    ]),
    { name: 'left-out.json', value: leftOut },
  ];
}

export function templateFile(place: RenderedPlace): string {
  return `${placeName(place)}.template.json`;
}

export function importTemplateFile(place: RenderedPlace, { name }: ImportStep): string {
  return `${placeName(place)}.${name}.template.json`;
}

export function importFile(place: RenderedPlace, { name }: ImportStep): string {
  return `${placeName(place)}.${name}.json`;
}

/** The zips, by their names below the directory; each once. */
export function handlerFiles({ templates }: RenderResult): ReadonlyMap<string, string> {
  const all = templates.flatMap(({ handlers }) => handlers);
  return new Map(all.map(({ name, sha256 }) => [HANDLERS_FOLDER + name, sha256]));
}
