import type { Address, DriftResult } from '../engine/types.ts';
import { blocksOf, titleOf } from '../report/drift-text.ts';
import { count, plural } from '../report/format.ts';
import { DRIFT_COMMANDS, documentLines } from './notice-lines.ts';
import type { Notice, NoticeFacts } from './notice.ts';

/** Orphans that a notice names; the rest is counted. */
const NAMED_ORPHANS = 3;

/** The world and git differ, and did not when somebody was told last. */
export function driftOpenedNotice(result: DriftResult, facts: NoticeFacts): Notice {
  const blocks = blocksOf(result);
  const waiting = new Set(result.findings.filter(({ code }) => code === 'not-applied').map(({ document }) => document));
  const said = new Map<Address, string>([
    ...[...waiting].map((document): [Address, string] => [document, 'not applied']),
    ...blocks.map((block): [Address, string] => [block.document, titleOf(block)]),
  ]);
  const counts = [
    ...(blocks.length > 0 ? [`${count(blocks.length)} of ${plural(result.documents, 'document')} drifted`] : []),
    ...(waiting.size > 0 ? [`${plural(waiting.size, 'document')} not applied`] : []),
    ...(result.orphans.length > 0 ? [plural(result.orphans.length, 'orphan')] : []),
  ];
  return {
    event: 'drift-opened',
    ...facts,
    title: counts.join(', '),
    documents: [...said.keys()].filter((document) => document !== '').sort(),
    lines: [
      ...documentLines(said),
      ...orphanLines(result),
      ...(result.complete ? [] : ['Not everything could be looked at']),
      DRIFT_COMMANDS,
    ],
  };
}

export function driftGoneNotice(result: DriftResult, facts: NoticeFacts): Notice {
  return {
    event: 'drift-gone',
    ...facts,
    title: 'no drift any more',
    documents: [],
    lines: [`A complete look at ${plural(result.documents, 'document')} found none.`],
  };
}

/** By their markers as found: anybody who may tag may have written them. */
function orphanLines({ orphans }: DriftResult): readonly string[] {
  const named = orphans.slice(0, NAMED_ORPHANS).map(({ id }) => `- ${id}: declared nowhere`);
  const rest = orphans.length - named.length;
  return rest === 0 ? named : [...named, `and ${plural(rest, 'more orphan')}`];
}
