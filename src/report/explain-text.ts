import type { ExplainedObject, ExplainResult } from '../engine/explain.ts';
import type { OnRemove, Permission } from '../engine/types.ts';
import { shortType } from './action-text.ts';
import { closingLines, effortText, exitText } from './count-text.ts';
import { findingLines } from './finding-text.ts';
import { fold, foldLong, foldName } from './fold.ts';
import { count, plural } from './format.ts';
import { indent, paragraph, spread } from './layout.ts';
import type { RenderOptions } from './options.ts';
import { pairLines, valueLines } from './pair.ts';
import { symbolTone, verbSymbol } from './plan-model.ts';
import type { Line, Style } from './style.ts';
import { differingTexts, valueText } from './value-text.ts';
import { padEnd, widthOf } from './width.ts';

const EMPTY: Line = [];
const INDENT = 4;
/** Columns of the words in front of what is said, and where that stands. */
const LABEL_ROOM = 12;
const COLUMN = INDENT + LABEL_ROOM;
/** Where properties stand. */
const DEEP = 8;
/** Columns for what stands beside a title. */
const MARGIN = 6;
/** Share of the line that a path may take. */
const PATH_SHARE = 0.4;

const MARKINGS: Readonly<Record<ExplainedObject['ownership']['by'], string>> = {
  tag: 'by tags on the object',
  companion: 'by tags that follow its creation',
  container: 'by the object that contains it',
  name: 'by its name',
  entry: 'by an entry of ours in it',
};

const REMOVALS: Readonly<Record<OnRemove, string>> = {
  delete: 'it is deleted',
  release: 'it stays, and our mark goes',
};

/** What it is, whose it is, what differs and why, what would be done; the next command and the count last. */
export function explainLines(result: ExplainResult, options: RenderOptions, style: Style): readonly Line[] {
  const isOne = result.objects.length === 1 && result.objects[0]?.id === result.address;
  const planned = result.objects.filter(({ plan }) => plan.action !== null).length;
  const words = planned === 0 ? 'nothing planned' : `${count(planned)} with something planned`;
  const effort = effortText(result.calls, options.elapsed);
  return [
    ...documentLines(result, style),
    ...result.objects.flatMap((object) => [...objectLines(object, isOne, style), EMPTY]),
    ...labelled('next', result.next, style, 0),
    EMPTY,
    ...closingLines(
      style,
      `Explain: ${plural(result.objects.length, 'object')}, ${words}. ${effort}.`,
      exitText(options.exitCode),
    ),
  ];
}

function documentLines({ document, address, complete, findings }: ExplainResult, style: Style): readonly Line[] {
  const room = style.width - MARGIN;
  const title = [style.say(foldName(document?.address ?? address, room, style), 'strong')];
  const place = document ? `${document.file}:${document.line}` : 'declared nowhere';
  return [
    ...spread(style, title, style.say(fold(place, room, style), 'dim')),
    ...(complete ? [] : [[style.say('! ', 'change'), style.say('not complete: something could not be looked at')]]),
    ...(document ? factsOf(document).flatMap(([label, text]) => labelled(label, text, style)) : []),
    ...findings.flatMap((finding) => findingLines(finding, INDENT, style)),
    EMPTY,
  ];
}

function factsOf(document: NonNullable<ExplainResult['document']>): readonly (readonly [string, string])[] {
  const { summary, formerly, adopt, protect, onRemove, paused } = document;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['is', summary],
    ['formerly', formerly.length === 0 ? undefined : formerly.join(', ')],
    ['adopt', adopt ? 'what exists under its names is taken over' : undefined],
    ['protect', protect ? 'yes' : undefined],
    ['on removal', onRemove === null ? undefined : REMOVALS[onRemove]],
    ['paused', paused && `until ${paused.until}: ${paused.reason}`],
  ];
  return facts.flatMap(([label, text]) => (text === undefined ? [] : [[label, text] as const]));
}

function objectLines(object: ExplainedObject, isOne: boolean, style: Style): readonly Line[] {
  const { id, type, resource, account, region, ownership, plan, permissions, properties } = object;
  const [symbol, tone] = plan.action ? verbSymbol(plan.action) : (['=', symbolTone('=')] as const);
  const room = Math.floor(style.width / 2);
  const name: Line = resource === null ? [] : [indent(2), { text: foldName(resource, room, style) }];
  const title: Line = [style.say(symbol, tone), indent(1), { text: shortType(type, style), tone: 'strong' }, ...name];
  return [
    title,
    ...labelled('address', style.name(id), style),
    ...labelled('place', `${account} ${region}`, style),
    ...labelled('whose', ownership.says, style),
    ...labelled(
      'marked',
      `${MARKINGS[ownership.by]}${ownership.marker === null ? '' : `: ${ownership.marker}`}`,
      style,
    ),
    ...(object.protected ? labelled('protected', 'yes: it is not removed without an override', style) : []),
    ...(object.onRemove === null ? [] : labelled('on removal', REMOVALS[object.onRemove], style)),
    ...labelled('plan', plan.says, style),
    ...changeLines(object, style),
    ...addressLines('depends on', object.dependsOn, style),
    ...addressLines('needed by', object.neededBy, style),
    ...permissionLines('to look', permissions.look, style),
    ...(plan.action === null ? [] : permissionLines(`to ${plan.action}`, permissions.act, style)),
    ...(isOne ? propertyLines(properties, style) : []),
  ];
}

/** What stands in front, and a text beside it that may go on below. */
function labelled(label: string, text: string, style: Style, column = INDENT): readonly Line[] {
  const lead = [indent(column), style.say(padEnd(label, LABEL_ROOM), 'dim')];
  return paragraph(style, { lead, hang: column + LABEL_ROOM, text: foldLong(text, style) });
}

function changeLines({ plan }: ExplainedObject, style: Style): readonly Line[] {
  // All of a new object comes from its document.
  if (plan.action === 'create') return [];
  return plan.changes.flatMap(({ path, before, after, extent, says }, index) => {
    const label = style.say(padEnd(index === 0 ? 'differs' : '', LABEL_ROOM), 'dim');
    const front = [indent(INDENT), label, { text: foldName(path, Math.floor(style.width * PATH_SHARE), style) }];
    const figures = extent && `+ ${count(extent.create)}   ~ ${count(extent.update)}   - ${count(extent.delete)}`;
    const values = figures
      ? valueLines(front, `${figures}   of ${count(extent.population)}`, style)
      : pairLines(front, [valueText(before), valueText(after)], style, {
          differing: () => differingTexts(before, after),
        });
    const why = paragraph(style, { lead: [indent(COLUMN + 2)], hang: COLUMN + 2, text: style.text(says), tone: 'dim' });
    return [...values, ...why];
  });
}

function addressLines(label: string, addresses: readonly string[], style: Style): readonly Line[] {
  return addresses.length === 0
    ? []
    : labelled(label, addresses.map((address) => style.name(address)).join(', '), style);
}

/** A resource a paragraph, with all actions on it. */
function permissionLines(label: string, permissions: readonly Permission[], style: Style): readonly Line[] {
  const byResource = new Map<string, string[]>();
  for (const { action, resource, context = {} } of permissions) {
    const conditions = Object.entries(context).map(([key, value]) => `${key} = ${value}`);
    const on = conditions.length === 0 ? resource : `${resource} with ${conditions.join(', ')}`;
    byResource.set(on, [...(byResource.get(on) ?? []), action]);
  }
  return [...byResource].flatMap(([on, actions], index) =>
    labelled(index === 0 ? label : '', `${actions.join(', ')} on ${on}`, style),
  );
}

function propertyLines(properties: ExplainedObject['properties'], style: Style): readonly Line[] {
  const room = Math.floor(style.width * PATH_SHARE);
  const paths = properties.map(({ path }) => foldName(path, room, style));
  const widest = Math.max(0, ...paths.map(widthOf));
  return [
    [indent(INDENT), style.say('declared', 'dim')],
    ...properties.flatMap(({ value }, index) => {
      return valueLines([indent(DEEP), { text: padEnd(paths[index] ?? '', widest) }], valueText(value), style);
    }),
  ];
}
