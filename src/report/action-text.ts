import type { Action, Change, Reason, Verb } from '../engine/types.ts';
import { withKnown } from '../engine/known-changes.ts';
import { foldName } from './fold.ts';
import { count } from './format.ts';
import { aligned, indent, lineWidth, paragraph } from './layout.ts';
import { newObjectText } from './new-object-text.ts';
import { pairLines, valueLines } from './pair.ts';
import { verbSymbol } from './plan-model.ts';
import type { Line, Span, Style } from './style.ts';
import { differingTexts, valueText } from './value-text.ts';
import { padEnd, widthOf } from './width.ts';

/** Where actions stand in a block, and their changes. */
const ACTION_INDENT = 4;
const CHANGE_INDENT = 8;
/** Columns of a type's name; shares of the line that resources and paths may take. */
const TYPE_ROOM = 24;
const RESOURCE_SHARE = 0.5;
const PATH_SHARE = 0.4;
const GAP = 3;
/** Columns of the longest cause, and the gap before it. */
const CAUSE_ROOM = 9;

/** What is not plain from the symbol and the changes. */
const REASONS: Readonly<Partial<Record<Reason, string>>> = {
  unfinished: 'half made: is finished',
  'not-declared': 'no longer declared',
  renamed: 'renamed: is marked anew',
  inherited: 'of the former owner: is marked anew',
};

interface ActionContext {
  /** Labels where an action's object lives; undefined where all live in one place. */
  placeOf(action: Action): string | undefined;
  /** The figures of bulk content stand in an effect already. */
  readonly hasFigures: boolean;
  /** The whole document is no longer declared. */
  readonly isGone: boolean;
}

/** The planned resources of one document. */
export function actionLines(actions: readonly Action[], context: ActionContext, style: Style): readonly Line[] {
  const names = aligned(actions.map((action) => nameOf(action, style)));
  return actions.flatMap((action, index) => {
    const [symbol, tone] = verbSymbol(action.action);
    const head = [indent(ACTION_INDENT), style.say(symbol, tone), indent(1), ...(names[index] ?? [])];
    const remarks = [context.placeOf(action), remarkOf(action, context)]
      .filter((text) => text !== undefined)
      .join(', ');
    const changes = withKnown(action).filter(({ extent }) => !extent || !context.hasFigures);
    return withChanges(head, { ...action, changes }, remarks, style);
  });
}

/** A type and the physical name or id of an object. */
export function nameOf({ type, resource }: Pick<Action, 'type' | 'resource'>, style: Style): Line {
  const room = Math.floor(style.width * RESOURCE_SHARE);
  return [{ text: shortType(type, style) }, { text: foldName(resource, room, style) }];
}

/** `AWS::Route53::HostedZone` → `HostedZone`. */
export function shortType(type: string, style: Style): string {
  return foldName(type.slice(type.lastIndexOf(':') + 1), TYPE_ROOM, style);
}

function remarkOf({ action, reason }: Action, { isGone }: ActionContext): string | undefined {
  const why = isGone ? undefined : REASONS[reason];
  if (action === 'adopt') return 'taken over: only our mark is written';
  if (action === 'release') return [why, 'the object stays, our mark goes'].filter(Boolean).join(': ');
  if (action === 'replace') return 'a new object, then the old one goes';
  return why;
}

/** In the same line where they fit there. */
function withWords(title: Line, words: string, style: Style): readonly Line[] {
  if (words === '') return [title];
  const line = [...title, indent(GAP), style.say(words)];
  if (lineWidth(line) <= style.width) return [line];
  return [title, ...paragraph(style, { lead: [indent(CHANGE_INDENT)], hang: CHANGE_INDENT, text: style.text(words) })];
}

function withChanges(head: Line, action: Action, remarks: string, style: Style): readonly Line[] {
  const isNew = action.action === 'create';
  const titles = withRemarks(head, remarks, style);
  const [title = []] = titles;
  const words = isNew ? newObjectText(action.type, action.changes) : undefined;
  if (words !== undefined) return [...titles.slice(0, -1), ...withWords(titles.at(-1) ?? [], words, style)];
  const inline =
    isNew && titles.length === 1 ? inlineProperties(action, style.width - lineWidth(title), style) : undefined;
  if (inline !== undefined) return [[...title, style.say(inline)]];
  const paths = action.changes.map(({ path }) => foldName(path, Math.floor(style.width * PATH_SHARE), style));
  const widest = paths.reduce((width, path) => Math.max(width, widthOf(path)), 0);
  const changes = action.changes.flatMap((change, index) => {
    const front = [indent(CHANGE_INDENT), { text: padEnd(paths[index] ?? '', widest) }];
    return changeLines(front, change, action.action, style);
  });
  return [...titles, ...changes];
}

function withRemarks(head: Line, remarks: string, style: Style): readonly Line[] {
  if (remarks === '') return [head];
  const text = style.text(remarks);
  const tone = 'dim';
  if (lineWidth(head) + GAP + widthOf(text) <= style.width) return [[...head, indent(GAP), { text, tone }]];
  return [head, ...paragraph(style, { lead: [indent(CHANGE_INDENT)], hang: CHANGE_INDENT, text, tone })];
}

/** The properties of a new object on its own line, if they are that short. */
function inlineProperties({ changes }: Action, room: number, style: Style): string | undefined {
  if (changes.some(({ extent }) => extent)) return undefined;
  const text = changes.map(({ path, after }) => `${path} ${valueText(after)}`).join(', ');
  const isShort = text.length + GAP <= room && widthOf(style.text(text)) + GAP <= room;
  return isShort ? `${' '.repeat(GAP)}${text}` : undefined;
}

function changeLines(front: Line, change: Change, verb: Verb, style: Style): readonly Line[] {
  const { before, after, extent, cause, live } = change;
  if (extent && verb === 'delete') return valueLines(front, `${count(extent.delete)} go with it`, style);
  if (extent) {
    const parts = `+ ${count(extent.create)}   ~ ${count(extent.update)}   - ${count(extent.delete)}`;
    return valueLines(front, `${parts}   of ${count(extent.population)}${live ? ', not sealed' : ''}`, style);
  }
  if (verb === 'create') return valueLines(front, valueText(after), style);
  const room = { reserve: CAUSE_ROOM, differing: () => differingTexts(before, after) };
  const [first = [], ...rest] = pairLines(front, [valueText(before), valueText(after)], style, room);
  return [causeAtMargin(first, style.say(cause, 'dim'), style), ...rest];
}

function causeAtMargin(line: Line, cause: Span, style: Style): Line {
  return [...line, indent(Math.max(style.width - lineWidth(line) - widthOf(cause.text), 1)), cause];
}
