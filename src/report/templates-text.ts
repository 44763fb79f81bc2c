import { join } from 'node:path';
import { importFile, templateFile } from '../render/files.ts';
import { HANDLERS_BUCKET, HANDLERS_FOLDER, HANDLERS_PREFIX } from '../render/names.ts';
import type { RenderedPlace, RenderResult } from '../render/types.ts';
import { closingLines, exitText } from './count-text.ts';
import { findingLines } from './finding-text.ts';
import { plural } from './format.ts';
import { renderValue } from './json.ts';
import { indent, paragraph } from './layout.ts';
import type { RenderOptions } from './options.ts';
import type { Line, Style } from './style.ts';

export interface TemplatesOptions extends RenderOptions {
  /** Where the files were written. */
  readonly directory: string;
}

const EMPTY: Line = [];

/** CloudFormation quotas, "Template body size in a request"; what is longer comes from S3. */
const MAX_BODY = 51_200;

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
  const isUploaded = Buffer.byteLength(renderValue(template)) > MAX_BODY;
  const commands = commandsOf(place, { stack: word(`trueup-${owner}`), directory, isUploaded });
  return [
    [
      style.say(`${account} ${region} `, 'strong'),
      style.say(plural(Object.keys(template.Resources).length, 'resource')),
    ],
    ...commands.flatMap(({ title, lines }) => [
      [indent(2), style.say(title)],
      // Commands are copied: they stay whole, however long they are.
      ...lines.map((line): Line => [indent(4), { text: style.text(line) }]),
    ]),
  ];
}

interface Command {
  readonly title: string;
  readonly lines: readonly string[];
}

interface Deployment {
  readonly stack: string;
  readonly directory: string;
  /** The template is too long for a request. */
  readonly isUploaded: boolean;
}

const BUCKET = 'BUCKET';

function commandsOf(place: RenderedPlace, { stack, directory, isUploaded }: Deployment): readonly Command[] {
  const { template } = place;
  const region = word(place.region);
  const parameters = Object.keys(template.Parameters ?? {}).filter((name) => name !== HANDLERS_PREFIX);
  const valueOf = (name: string): string => (name === HANDLERS_BUCKET ? BUCKET : 'VALUE');
  const file = word(join(directory, templateFile(place)));
  const shared = `--region ${region} --stack-name ${stack} --capabilities CAPABILITY_NAMED_IAM`;
  const url = `https://${BUCKET}.s3.${region}.amazonaws.com/${templateFile(place)}`;
  const uploads = [
    ...(place.handlers.length > 0
      ? [`aws s3 cp --recursive ${word(join(directory, HANDLERS_FOLDER))} s3://${BUCKET}/${HANDLERS_FOLDER}`]
      : []),
    ...(isUploaded ? [`aws s3 cp ${file} s3://${BUCKET}/`] : []),
  ];
  return [
    ...(uploads.length > 0
      ? [{ title: 'first, what the stack takes from a bucket in its region', lines: uploads }]
      : []),
    {
      title: 'to take over what exists',
      lines: [
        `aws cloudformation create-change-set ${shared} --change-set-name import --change-set-type IMPORT ${
          isUploaded ? `--template-url ${url}` : `--template-body ${fileArgument(join(directory, templateFile(place)))}`
        } --resources-to-import ${fileArgument(join(directory, importFile(place)))}${
          parameters.length > 0
            ? ` --parameters ${parameters.map((name) => `ParameterKey=${name},ParameterValue=${valueOf(name)}`).join(' ')}`
            : ''
        }`,
        `aws cloudformation execute-change-set --region ${region} --stack-name ${stack} --change-set-name import`,
      ],
    },
    {
      title: 'to make it anew where nothing of it exists',
      lines: [
        `aws cloudformation deploy ${shared} --template-file ${file}${isUploaded ? ` --s3-bucket ${BUCKET}` : ''}${
          parameters.length > 0
            ? ` --parameter-overrides ${parameters.map((name) => `${name}=${valueOf(name)}`).join(' ')}`
            : ''
        }`,
      ],
    },
  ];
}

/** A word of a POSIX shell. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function fileArgument(path: string): string {
  return word(`file://${path}`);
}

function countText({ owner, templates, leftOut }: RenderResult): string {
  const resources = templates.reduce((sum, { template }) => sum + Object.keys(template.Resources).length, 0);
  const held = `${plural(templates.length, 'template')} with ${plural(resources, 'resource')}`;
  return `CloudFormation of ${owner}: ${held}, ${leftOut.length} left out.`;
}
