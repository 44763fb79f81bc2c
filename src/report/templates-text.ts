import type { RenderedPlace, RenderResult } from '../render/types.ts';
import { closingLines, exitText } from './count-text.ts';
import { findingLines } from './finding-text.ts';
import { plural } from './format.ts';
import { indent, paragraph } from './layout.ts';
import type { RenderOptions } from './options.ts';
import { stackCommands } from './stack-commands.ts';
import type { Line, Style } from './style.ts';

export interface TemplatesOptions extends RenderOptions {
  /** Where the files were written. */
  readonly directory: string;
}

const EMPTY: Line = [];

/** What was written, what no template holds, and the commands that go on from there. */
export function templatesLines(result: RenderResult, options: TemplatesOptions, style: Style): readonly Line[] {
  const { templates, leftOut, findings, owner } = result;
  return [
    ...templates.flatMap((place) => [...placeLines(place, owner, options, style), EMPTY]),
    ...leftOut.flatMap(({ resource, why }) => [
      [style.say('left out ', 'strong'), { text: style.name(resource) }],
      ...paragraph(style, { lead: [indent(2)], hang: 2, text: style.text(why) }),
    ]),
    ...(leftOut.length > 0 ? [EMPTY] : []),
    ...findings.flatMap((finding) => findingLines(finding, 0, style, finding.document)),
    ...(findings.length > 0 ? [EMPTY] : []),
    ...closingLines(style, countText(result), exitText(options.exitCode)),
  ];
}

function placeLines(
  place: RenderedPlace,
  owner: string,
  { directory }: TemplatesOptions,
  style: Style,
): readonly Line[] {
  const { account, region, template } = place;
  return [
    [
      style.say(`${account} ${region} `, 'strong'),
      style.say(plural(Object.keys(template.Resources).length, 'resource')),
    ],
    ...stackCommands(place, owner, directory).flatMap(({ title, lines }) => [
      [indent(2), style.say(title)],
      // Commands are copied: they stay whole, however long they are.
      ...lines.map((line): Line => [indent(4), { text: style.text(line) }]),
    ]),
  ];
}

function countText({ owner, templates, leftOut }: RenderResult): string {
  const resources = templates.reduce((sum, { template }) => sum + Object.keys(template.Resources).length, 0);
  const held = `${plural(templates.length, 'template')} with ${plural(resources, 'resource')}`;
  return `CloudFormation of ${owner}: ${held}, ${leftOut.length} left out.`;
}
