import type { Action, Change, Reason } from '../engine/types.ts';
import { fold } from './fold.ts';
import { count } from './format.ts';
import { aligned, indent, lineWidth } from './layout.ts';
import { pairLines } from './pair.ts';
import { verbSymbol } from './plan-model.ts';
import type { Line, Span, Style } from './style.ts';
import { padEnd, widthOf } from './width.ts';
import { valueText } from './value-text.ts';

/** Where actions stand in a block, and their changes. */
const ACTION_INDENT = 4;
const CHANGE_INDENT = 8;
/** Share of the line that a path may take. */
const PATH_SHARE = 0.4;
/** In front of the values there is room for the arrow of a second line. */
const VALUE_GAP = 3;
/** Columns of the longest cause, and the gap before it. */
const CAUSE_ROOM = 9;

/** What is not plain from the symbol and the changes. */
const REASONS: Readonly<Partial<Record<Reason, string>>> = {
  unfinished: 'half made: is finished',
  'not-declared': 'no longer declared',
  renamed: 'renamed: is marked anew',
};

/** The planned resources of one document; `placeOf` labels where each lives. */
export function actionLines(
  actions: readonly Action[],
  placeOf: (action: Action) => string | undefined,
  style: Style,
): readonly Line[] {
  const heads = aligned(actions.map((action) => headOf(action, style)));
  return actions.flatMap((action, index) => {
    const remarks = [placeOf(action), remarkOf(action)].filter((text) => text !== undefined);
    return withChanges([indent(ACTION_INDENT), ...(heads[index] ?? [])], action, remarks, style);
  });
}

/** `AWS::Route53::HostedZone` → `HostedZone`. */
export function shortType(type: string): string {
  return type.slice(type.lastIndexOf(':') + 1);
}

function headOf({ action, type, resource }: Action, style: Style): Line {
  const [symbol, tone] = verbSymbol(action);
  const mark = style.say(symbol, tone);
  const name = fold(style.name(resource), Math.floor(style.width / 2), style);
  return [{ ...mark, text: mark.text }, style.say(shortType(type)), { text: name }];
}

function remarkOf({ action, reason }: Action): string | undefined {
  if (action === 'adopt') return 'taken over: only our mark is written';
  if (action === 'release') return `${REASONS[reason] ?? 'released'}: the object stays, our mark goes`;
  if (action === 'replace') return 'replaced: a new object, then the old one goes';
  return REASONS[reason];
}

function withChanges(head: Line, action: Action, remarks: readonly string[], style: Style): readonly Line[] {
  const remark = style.say(remarks.map((text) => `   ${text}`).join(''), 'dim');
  const inline = inlineProperties(action, style.width - lineWidth(head) - widthOf(remark.text));
  if (inline !== undefined) return [[...head, remark, style.say(inline)]];
  const pathRoom = Math.floor(style.width * PATH_SHARE);
  const paths = action.changes.map(({ path }) => fold(style.name(path), pathRoom, style));
  const widest = paths.reduce((width, path) => Math.max(width, widthOf(path)), 0);
  return [
    [...head, remark],
    ...action.changes.flatMap((change, index) => {
      const path = padEnd(paths[index] ?? '', widest + VALUE_GAP);
      return changeLines([indent(CHANGE_INDENT), { text: path }], change, action.action === 'create', style);
    }),
  ];
}

/** The properties of a new object on its own line, if they are that short. */
function inlineProperties({ action, changes }: Action, room: number): string | undefined {
  if (action !== 'create' || changes.some(({ extent }) => extent)) return undefined;
  const text = changes.map(({ path, after }) => `${path} ${valueText(after)}`).join(', ');
  return text.length + VALUE_GAP <= room ? `   ${text}` : undefined;
}

function changeLines(front: Line, change: Change, isNew: boolean, style: Style): readonly Line[] {
  const { before, after, extent, cause, live } = change;
  const room = style.width - lineWidth(front);
  if (extent) {
    const parts = `+ ${count(extent.create)}   ~ ${count(extent.update)}   - ${count(extent.delete)}`;
    const sealed = live ? ', not sealed' : '';
    return [[...front, style.say(`${parts}   of ${count(extent.population)}${sealed}`)]];
  }
  if (isNew) return [[...front, { text: fold(valueText(after), room, style) }]];
  const [first = [], ...rest] = pairLines(front, valueText(before), valueText(after), room - CAUSE_ROOM, style);
  return [causeAtMargin(first, style.say(cause, 'dim'), style), ...rest];
}

function causeAtMargin(line: Line, cause: Span, style: Style): Line {
  return [...line, indent(style.width - lineWidth(line) - widthOf(cause.text)), cause];
}
