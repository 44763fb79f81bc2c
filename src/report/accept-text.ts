import type { AcceptedEdit, AcceptResult, NotAccepted } from '../engine/accept/accept.ts';
import type { Consequence } from '../engine/accept/consequences.ts';
import { dottedPath } from '../engine/config/pointer.ts';
import { closingLines, exitText } from './count-text.ts';
import { fold, foldLong, foldName } from './fold.ts';
import { count, plural } from './format.ts';
import { indent, paragraph, spread } from './layout.ts';
import type { RenderOptions } from './options.ts';
import type { Line, Style, Tone } from './style.ts';

const EMPTY: Line = [];
const INDENT = 4;
/** What a shell takes for one word. */
const ONE_WORD = /^[A-Za-z0-9_./@%+=:,-]+$/;

/** What the file says now, what stays as it was and why, and how it becomes a pull request. */
export function acceptLines(result: AcceptResult, options: RenderOptions, style: Style): readonly Line[] {
  const { accepted, notAccepted, complete } = result;
  const sections = [
    complete ? [] : [[style.say('! ', 'change'), style.say('not complete: something could not be looked at')]],
    ...accepted.map((edit) => editLines(edit, style)),
    notAccepted.flatMap((one) => refusalLines(one, style)),
    accepted.length === 0 ? [] : nextLines(accepted, style),
  ];
  return [
    ...sections.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, EMPTY]),
    ...closingLines(style, countText(result), exitText(options.exitCode)),
  ];
}

function editLines(edit: AcceptedEdit, style: Style): readonly Line[] {
  const name = style.say(foldName(dottedPath(edit.path), style.width - 2, style), 'strong');
  const place = style.say(fold(`${edit.file}:${edit.line}`, style.width - 2, style), 'dim');
  return [
    ...spread(style, [style.say('~', 'change'), indent(1), name], place),
    ...edit.removed.map((text) => diffLine('-', text, 'delete', style)),
    ...edit.added.map((text) => diffLine('+', text, 'add', style)),
    ...note(`accepts ${namesOf(edit.settles, edit.document)}`, style),
    ...(edit.follows.length === 0
      ? []
      : note(`the next apply also writes ${namesOf(edit.follows, edit.document)}`, style)),
  ];
}

function diffLine(mark: string, text: string, tone: Tone, style: Style): Line {
  return [indent(INDENT), style.say(`${mark} `, tone), { text: fold(text, style.width - INDENT - 2, style), tone }];
}

/** `MemorySize of Mirror, Environment of Plan` */
function namesOf(list: readonly Consequence[], document: string): string {
  return list.map(({ id, path }) => `${path} of ${id.slice(document.length + 1)}`).join(', ');
}

function refusalLines({ id, path, why }: NotAccepted, style: Style): readonly Line[] {
  const what = path === '' ? id : `${path} of ${id}`;
  return paragraph(style, {
    lead: [style.say('! ', 'change')],
    hang: 2,
    text: foldLong(`${what} is not accepted: ${why}`, style),
  });
}

function note(text: string, style: Style): readonly Line[] {
  return paragraph(style, { lead: [indent(INDENT)], hang: INDENT, text: foldLong(text, style), tone: 'dim' });
}

function nextLines(accepted: readonly AcceptedEdit[], style: Style): readonly Line[] {
  const files = [...new Set(accepted.map(({ file }) => file))].map(quoted);
  const commands = [
    `git add ${files.join(' ')}`,
    `git commit -m "Accept drift of ${accepted[0]?.document ?? ''}"`,
    'git push',
  ];
  return [[style.say('next, on a branch of its own:')], ...commands.map((text) => [indent(INDENT), style.say(text)])];
}

function quoted(file: string): string {
  return ONE_WORD.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`;
}

/** `Accepted: 1 change of 2.` */
function countText({ complete, accepted, notAccepted, drifted }: AcceptResult): string {
  const settled = new Set(accepted.flatMap(({ settles }) => settles.map(({ id, path }) => `${id} ${path}`))).size;
  if (drifted.length + notAccepted.length === 0) {
    return complete ? 'Accepted: nothing, as nothing has drifted.' : 'Accepted: nothing.';
  }
  const rest = notAccepted.length === 0 ? '' : ` of ${count(settled + notAccepted.length)}`;
  return `Accepted: ${plural(settled, 'change')}${rest}.`;
}
