import { join } from 'node:path';
import { importFile, importTemplateFile, templateFile } from '../render/files.ts';
import { importSteps } from '../render/import-steps.ts';
import type { ImportStep } from '../render/import-steps.ts';
import { HANDLERS_BUCKET, HANDLERS_FOLDER, HANDLERS_PREFIX } from '../render/names.ts';
import { overQuotas } from '../render/quotas.ts';
import type { RenderedPlace, Template } from '../render/types.ts';
import { renderValue } from './json.ts';

/** Commands of a POSIX shell that belong together, and what for. */
export interface Commands {
  readonly title: string;
  readonly lines: readonly string[];
}

/** CloudFormation quotas, "Template body size in a request"; what is longer comes from S3. */
const MAX_BODY = 51_200;

const BUCKET = 'BUCKET';

/** How the files of a place become its stack; none where CloudFormation would refuse the template. */
export function stackCommands(place: RenderedPlace, owner: string, directory: string): readonly Commands[] {
  const { template } = place;
  if (overQuotas(template, renderValue(template)).length > 0) return [];
  const region = word(place.region);
  const stack = `--region ${region} --stack-name ${word(`trueup-${owner}`)}`;
  const shared = `${stack} --capabilities CAPABILITY_NAMED_IAM`;
  const parameters = Object.keys(template.Parameters ?? {}).filter((name) => name !== HANDLERS_PREFIX);
  const values = parameters.map((name) => ({ name, value: name === HANDLERS_BUCKET ? BUCKET : 'VALUE' }));
  const steps = importSteps(place);
  const deployFile = word(join(directory, templateFile(place)));
  const deploy = `aws cloudformation deploy ${shared} --template-file ${deployFile}${isLong(template) ? ` --s3-bucket ${BUCKET}` : ''}`;
  return [
    ...titled('first, what the stack takes from a bucket in its region', uploads()),
    ...steps.flatMap((step, index) =>
      titled(
        `to take over what exists${steps.length > 1 ? `, part ${index + 1} of ${steps.length}` : ''}`,
        importLines(step),
      ),
    ),
    ...titled('after that, its outputs, which no import takes', template.Outputs ? [deploy] : []),
    ...titled('to make it anew where nothing of it exists', [
      deploy + argument('--parameter-overrides', ({ name, value }) => `${name}=${value}`),
    ]),
  ];

  function uploads(): readonly string[] {
    return [
      ...(place.handlers.length > 0
        ? [`aws s3 cp --recursive ${word(join(directory, HANDLERS_FOLDER))} s3://${BUCKET}/${HANDLERS_FOLDER}`]
        : []),
      ...steps
        .filter((step) => isLong(step.template))
        .map((step) => `aws s3 cp ${word(join(directory, importTemplateFile(place, step)))} s3://${BUCKET}/`),
    ];
  }

  /** `create-change-set` and `execute-change-set` return before CloudFormation is done. */
  function importLines(step: ImportStep): readonly string[] {
    const file = importTemplateFile(place, step);
    const source = isLong(step.template)
      ? `--template-url https://${BUCKET}.s3.${region}.amazonaws.com/${file}`
      : `--template-body ${fileArgument(join(directory, file))}`;
    const resources = `--resources-to-import ${fileArgument(join(directory, importFile(place, step)))}`;
    const set = `--change-set-name ${step.name}`;
    return [
      `aws cloudformation create-change-set ${shared} ${set} --change-set-type IMPORT ${source} ${resources}${argument(
        '--parameters',
        ({ name, value }) => `ParameterKey=${name},ParameterValue=${value}`,
      )}`,
      `aws cloudformation wait change-set-create-complete ${stack} ${set}`,
      `aws cloudformation describe-change-set ${stack} ${set}`,
      `aws cloudformation execute-change-set ${stack} ${set}`,
      `aws cloudformation wait stack-import-complete ${stack}`,
    ];
  }

  function argument(flag: string, write: (one: { readonly name: string; readonly value: string }) => string): string {
    return values.length > 0 ? ` ${flag} ${values.map(write).join(' ')}` : '';
  }
}

function titled(title: string, lines: readonly string[]): readonly Commands[] {
  return lines.length > 0 ? [{ title, lines }] : [];
}

function isLong(template: Template): boolean {
  return Buffer.byteLength(renderValue(template)) > MAX_BODY;
}

/** A word of a POSIX shell. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function fileArgument(path: string): string {
  return word(`file://${path}`);
}
