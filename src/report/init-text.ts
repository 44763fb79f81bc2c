import { writtenDocument } from '../init/result.ts';
import type { InitFile, InitResult } from '../init/result.ts';
import { closingLines, exitText } from './count-text.ts';
import { foldName } from './fold.ts';
import { count, plural } from './format.ts';
import { indent, paragraph } from './layout.ts';
import type { RenderOptions } from './options.ts';
import type { Line, Style, Tone } from './style.ts';

const EMPTY: Line = [];
const INDENT = 4;

export interface InitOptions extends RenderOptions {
  /** As it was named; `.` is where the reader is. */
  readonly directory: string;
}

const MARKS: Readonly<Record<InitFile['state'], readonly [mark: string, tone: Tone, text: string]>> = {
  written: ['+', 'add', ''],
  extended: ['~', 'change', 'got a line more'],
  same: ['=', 'dim', 'is as it should be'],
  left: ['!', 'change', 'is there and says something else: it stays as it is'],
};

/** File by file, and the commands that come next. */
export function initLines({ files, next }: InitResult, options: InitOptions, style: Style): readonly Line[] {
  const document = writtenDocument(files);
  return [
    ...files.flatMap((file) => fileLines(file, style)),
    EMPTY,
    ...exampleLines(document, style),
    [style.say(options.directory === '.' ? 'next:' : `next, in ${options.directory}:`)],
    ...next.map((command): Line => [indent(INDENT), style.say(command)]),
    ...reviewedLines(document, style),
    EMPTY,
    ...closingLines(style, countText(files), exitText(options.exitCode)),
  ];
}

function fileLines({ path, state }: InitFile, style: Style): readonly Line[] {
  const [mark, tone, text] = MARKS[state];
  const name = foldName(path, style.width - 2, style);
  return paragraph(style, {
    lead: [style.say(`${mark} `, tone)],
    hang: 2,
    text: text === '' ? name : `${name} ${text}`,
  });
}

/** The first document is an example until somebody says otherwise. */
function exampleLines(document: string | undefined, style: Style): readonly Line[] {
  if (document === undefined) return [];
  const text = `put your own in place of what is marked (yours) in ${style.name(document)}`;
  return paragraph(style, { lead: [], hang: 2, text });
}

/** The document is left out of the commit: it is applied only where a pull request brings it. */
function reviewedLines(document: string | undefined, style: Style): readonly Line[] {
  if (document === undefined) return [];
  const text = `then, by a pull request of its own: ${style.name(document)}`;
  return paragraph(style, { lead: [], hang: 2, text });
}

/** `Init: 12 files written, 1 as it was, 1 left.` */
function countText(files: readonly InitFile[]): string {
  const of = (...states: readonly InitFile['state'][]): number =>
    files.filter(({ state }) => states.includes(state)).length;
  const rest = [
    ...(of('same') > 0 ? [`${count(of('same'))} as they were`] : []),
    ...(of('left') > 0 ? [`${count(of('left'))} left`] : []),
  ];
  return `Init: ${[`${plural(of('written', 'extended'), 'file')} written`, ...rest].join(', ')}.`;
}
