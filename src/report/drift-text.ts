import type { DriftedResource, DriftResult, MissingResource } from '../engine/types.ts';
import { nameOf, shortType } from './action-text.ts';
import { byDocument } from './by-document.ts';
import { closingLines, effortText } from './count-text.ts';
import { driftedRecordLines } from './drift-records-text.ts';
import { findingLines } from './finding-text.ts';
import { foldLong, foldName } from './fold.ts';
import { count, plural } from './format.ts';
import { functionDocumentOf } from './function-documents.ts';
import type { FunctionDocument } from './function-documents.ts';
import { driftedDocumentLines } from './function-documents-text.ts';
import { aligned, indent, paragraph } from './layout.ts';
import type { RenderOptions } from './options.ts';
import { orphanSection } from './orphans-text.ts';
import { sidesLines } from './pair.ts';
import { movedRecords, recordsOf } from './records.ts';
import type { RecordsData } from './records.ts';
import type { Line, Style } from './style.ts';
import { timelinesOf } from './timelines.ts';
import type { TimelineData } from './timelines.ts';
import { changedTags, driftedTagLines } from './timelines-text.ts';
import { differingTexts, valueText } from './value-text.ts';
import { whoLines } from './who-text.ts';

const EMPTY: Line = [];
/** Share of the line that a path may take. */
const PATH_SHARE = 0.4;
/** Width of what stands in front of a command. */
const COMMAND_COLUMN = 'accept:'.length + 2;
/** Columns beside a document's address. */
const MARGIN = 6;

/** What one document's drift consists of. */
export interface DriftBlock {
  readonly document: string;
  readonly drifted: readonly DriftedResource[];
  readonly missing: readonly MissingResource[];
  readonly records: readonly RecordsData[];
  readonly timelines: readonly TimelineData[];
  readonly told: readonly FunctionDocument[];
}

/** What the world changed: who, when, and how to heal it. */
export function driftLines(result: DriftResult, options: RenderOptions, style: Style): readonly Line[] {
  const blocks = blocksOf(result);
  const loud = result.findings.filter(({ severity }) => severity !== 'info');
  const sections = [
    result.complete ? [] : [[style.say('! ', 'change'), style.say('not complete: something could not be looked at')]],
    ...blocks.map((block) => blockLines(block, options, style)),
    orphanSection(result.orphans, style),
    loud.flatMap((finding) => findingLines(finding, 0, style, finding.document)),
  ];
  return [
    ...sections.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, EMPTY]),
    ...closingLines(style, driftCount(result, options), exitNote(result, options)),
  ];
}

/** `Drift: 1 document of 12, 1 object. 31 calls, 4.2 s.` */
function driftCount(result: DriftResult, { elapsed }: RenderOptions): string {
  const documents = blocksOf(result).length;
  const objects = result.drifted.length + result.missing.length;
  const orphans = result.orphans.length > 0 ? `, ${plural(result.orphans.length, 'orphan')}` : '';
  const found =
    documents === 0
      ? `none in ${plural(result.documents, 'document')}`
      : `${plural(documents, 'document')} of ${count(result.documents)}, ${plural(objects, 'object')}`;
  const open = unjudged(result);
  const rest = open === 0 ? '' : `, ${count(open)} not judged`;
  return `Drift: ${found}${orphans}${rest}. ${effortText(result.calls, elapsed)}.`;
}

/** Documents of which a finding says that they are blocked, or that what they hold could not be told. */
export function unjudged({ findings }: DriftResult): number {
  const said = findings.filter(({ code, severity }) => severity === 'blocks' || code === 'not-judged');
  return new Set(said.map(({ document }) => document)).size;
}

function exitNote(result: DriftResult, { exitCode }: RenderOptions): string | undefined {
  if (exitCode === undefined) return undefined;
  const isDrifted = result.drifted.length + result.missing.length > 0;
  if (exitCode === 0) return isDrifted ? 'exit 0 (2 with --detailed-exitcode)' : undefined;
  return `exit ${exitCode}`;
}

/** What drifted, by document. */
export function blocksOf({ drifted, missing, effects }: DriftResult): readonly DriftBlock[] {
  const driftedOf = byDocument(drifted);
  const missingOf = byDocument(missing);
  const effectsOf = byDocument(effects);
  const documents = [...new Set([...driftedOf.keys(), ...missingOf.keys()])].sort();
  return documents.map((document) => {
    const told = effectsOf.get(document) ?? [];
    return {
      document,
      drifted: driftedOf.get(document) ?? [],
      missing: missingOf.get(document) ?? [],
      records: told.flatMap((effect) => recordsOf(effect) ?? []),
      timelines: told.flatMap((effect) => timelinesOf(effect) ?? []),
      told: told.flatMap((effect) => functionDocumentOf(effect) ?? []),
    };
  });
}

export function blockLines(block: DriftBlock, options: RenderOptions, style: Style): readonly Line[] {
  const { document, drifted, missing, records, timelines, told } = block;
  const symbol = drifted.length === 0 ? style.say('-', 'delete') : style.say('~', 'change');
  const title = [symbol, indent(1), style.say(foldName(document, style.width - MARGIN, style), 'strong'), indent(3)];
  return [
    ...paragraph(style, { lead: title, hang: 6, text: titleOf(block) }),
    ...records.flatMap((data) => driftedRecordLines(data, { records: options.records ?? false }, style)),
    ...timelines.flatMap((data) => driftedTagLines(data, style)),
    ...drifted.flatMap((resource) => resourceLines(resource, told, style)),
    ...missing.flatMap(({ type, id, who }) => {
      const lead = [indent(4), { text: shortType(type, style) }, indent(2)];
      return [...paragraph(style, { lead, hang: 6, text: `${style.name(id)} is gone` }), ...whoLines(who, style)];
    }),
    ...commandLines('heal:', `trueup apply --only ${document}`, style),
    ...(mayBeAccepted(block) ? commandLines('accept:', `trueup drift --accept ${document}`, style) : []),
  ];
}

export function commandLines(label: string, command: string, style: Style): readonly Line[] {
  const lead = [indent(4), style.say(label.padEnd(COMMAND_COLUMN), 'dim')];
  return paragraph(style, { lead, hang: 6, text: foldLong(command, style) });
}

/** Records come from elsewhere, and what is gone is no value: the rest may be what a document could say. */
function mayBeAccepted({ drifted, timelines }: DriftBlock): boolean {
  const isValue = drifted.some(({ changes }) => changes.some(({ extent }) => !extent));
  return isValue || timelines.some((data) => changedTags(data).length > 0);
}

export function titleOf({ drifted, missing, records, timelines }: DriftBlock): string {
  const moved = records.reduce((sum, data) => sum + movedRecords(data), 0);
  const tags = timelines.reduce((sum, data) => sum + changedTags(data).length, 0);
  const objects = drifted.filter(({ changes }) => changes.some(({ extent }) => !extent)).length;
  const changed = [
    ...(moved > 0 ? [plural(moved, 'record')] : []),
    ...(tags > 0 ? [plural(tags, 'schedule tag')] : []),
    ...(objects > 0 ? [plural(objects, 'object')] : []),
  ];
  const parts = [
    ...(changed.length > 0 ? [`${changed.join(' and ')} changed outside git`] : []),
    ...(missing.length > 0 ? [`${plural(missing.length, 'object')} gone`] : []),
  ];
  return parts.join(', ');
}

function resourceLines(resource: DriftedResource, told: readonly FunctionDocument[], style: Style): readonly Line[] {
  const changes = resource.changes.filter(({ extent }) => !extent);
  const [type = indent(0), name = indent(0)] = nameOf(resource, style);
  const documents = told.filter(({ functions }) => functions.includes(resource.resource));
  const pathRoom = Math.floor(style.width * PATH_SHARE);
  const paths = aligned(
    changes.map(({ path }): Line => [{ text: foldName(path, pathRoom, style) }, { text: '' }]),
    3,
  );
  return [
    ...(changes.length > 0 ? [[indent(4), type, indent(2), name]] : []),
    ...changes.flatMap(({ path, before, after }, index) => {
      const front = [indent(8), ...(paths[index] ?? [])];
      const sides = sidesLines(front, ['wanted', 'found'], [valueText(after), valueText(before)], style, {
        differing: () => differingTexts(after, before),
      });
      return path === 'Environment'
        ? [...sides, ...documents.flatMap((one) => driftedDocumentLines(one, style))]
        : sides;
    }),
    ...whoLines(resource.who, style),
  ];
}
