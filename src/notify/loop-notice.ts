import { documentOf } from '../engine/address.ts';
import type { Address } from '../engine/types.ts';
import { byDocument } from '../report/by-document.ts';
import { plural } from '../report/format.ts';
import { openDifferences, unseen, unseenCount, waiting, waitingCount, waitingReasons } from '../report/loop-found.ts';
import type { LoopDifference, LoopFound } from '../report/loop-found.ts';
import { reasonOf } from './error-reason.ts';
import { DRIFT_COMMANDS, documentLines, tally } from './notice-lines.ts';
import type { Notice, NoticeFacts } from './notice.ts';

/** What the last run of a loop did not tell already. */
export interface LoopNews {
  readonly opened: boolean;
  readonly gone: boolean;
  readonly failed: boolean;
}

/** What a seal says of a document that it lets pass no more: the differences may quote values. */
const NOT_AS_REVIEWED = 'it is not as reviewed';
const PARTIAL = 'partial';
/** Failures that are of no document, as a notice names them. */
const NAMED_OTHERS = 5;

/**
 * What a run of a loop has to say, each under its event, so that a subscription can take a part of them; nothing of a run
 * that found what the last one found. That drift is gone is only said after a look at everything.
 */
export function loopNotices(
  found: LoopFound,
  { opened, gone, failed }: LoopNews,
  facts: NoticeFacts,
): readonly Notice[] {
  return [
    ...(failed ? [failedNotice(found, facts)] : []),
    ...(found.applied + found.healed > 0 ? [doneNotice(found, facts)] : []),
    ...(opened ? [openedNotice(found, facts)] : []),
    ...(gone && found.outcome !== PARTIAL ? [goneNotice(found, facts)] : []),
  ];
}

function failedNotice(found: LoopFound, facts: NoticeFacts): Notice {
  const said = new Map(found.failed.filter(({ id }) => isAddress(id)).map(failureOf));
  const others = [...new Set(found.failed.filter(({ id }) => !isAddress(id)).map(otherFailure))];
  const dark = unseenCount(found);
  for (const { document } of unseen(found)) said.set(document, 'could not be looked at');
  const parts = [
    ...(found.failed.length > 0 ? [`${plural(found.failed.length, 'failure')} of the loop`] : []),
    ...(dark > 0 ? [`${plural(dark, 'document')} could not be looked at`] : []),
  ];
  return {
    event: 'failed',
    ...facts,
    title: parts.join(', '),
    documents: [...said.keys()].sort(),
    lines: [
      loopLine(found),
      ...documentLines(said, unseen(found).length === dark),
      ...others.slice(0, NAMED_OTHERS),
      ...openLines(found),
      'The log of its function says more; the next run tries again what may be tried again',
    ],
  };
}

function doneNotice(found: LoopFound, facts: NoticeFacts): Notice {
  const { healed, applied, failed } = found;
  const parts = [
    ...(applied > 0 ? [`${plural(applied, 'change')} applied`] : []),
    ...(healed > 0 ? [`${plural(healed, 'change')} healed`] : []),
  ];
  const undone = tally(found.drifted.filter((one) => one.undone).map(({ document }) => document));
  const said = new Map([...undone].map(([document, number]) => [document, `${plural(number, 'object')} put back`]));
  return {
    event: 'applied',
    ...facts,
    title: parts.join(', '),
    documents: [...said.keys()].sort(),
    lines: [
      loopLine(found),
      ...documentLines(said, found.drifted.length === found.differences),
      ...(failed.length > 0 ? [`Not all of it: ${plural(failed.length, 'failure')}`] : []),
      ...openLines(found),
    ],
  };
}

function openedNotice(found: LoopFound, facts: NoticeFacts): Notice {
  const said = new Map<Address, string>([
    ...waiting(found).map(({ document, why }): [Address, string] => [document, leftText(why)]),
    ...saidOf(openDifferences(found)),
  ]);
  return {
    event: 'drift-opened',
    ...facts,
    title: openText(found),
    documents: [...said.keys()].sort(),
    lines: [
      loopLine(found),
      ...documentLines(said, isAllNamed(found)),
      ...(found.outcome === PARTIAL ? ['Not everything could be looked at or written'] : []),
      DRIFT_COMMANDS,
    ],
  };
}

function goneNotice(found: LoopFound, facts: NoticeFacts): Notice {
  return {
    event: 'drift-gone',
    ...facts,
    title: 'no drift any more',
    documents: [],
    lines: [loopLine(found), 'Nothing that was applied differs any more.'],
  };
}

/** `ReconcileLoop/main, mode heal: 12 documents looked at.` */
function loopLine({ document, mode, documents }: LoopFound): string {
  return `${document}, mode ${mode}: ${plural(documents, 'document')} looked at.`;
}

function openLines(found: LoopFound): readonly string[] {
  const text = openText(found);
  return text === '' ? [] : [`Left: ${text}. trueup plan says more`];
}

/** `2 objects drifted, 1 document not applied`. */
function openText(found: LoopFound): string {
  return [
    ...(found.open > 0 ? [`${plural(found.open, 'object')} drifted`] : []),
    ...waitingReasons(found).map(([why, number]) => `${plural(number, 'document')} ${leftText(why)}`),
  ].join(', ');
}

/** Is each document named that has drift left, or waits? */
function isAllNamed(found: LoopFound): boolean {
  return openDifferences(found).length === found.open && waiting(found).length === waitingCount(found);
}

/** A word of a closed set; the one that has a hyphen is written without it. */
function leftText(why: string): string {
  return why.replace('-', ' ');
}

function saidOf(differences: readonly LoopDifference[]): ReadonlyMap<Address, string> {
  return new Map(
    [...byDocument(differences)].map(([document, own]) => {
      const gone = own.filter(({ fields }) => fields.length === 0).length;
      const changed = own.length - gone;
      const parts = [
        ...(changed > 0 ? [`${plural(changed, 'object')} changed outside git`] : []),
        ...(gone > 0 ? [`${plural(gone, 'object')} gone`] : []),
      ];
      return [document, parts.join(', ')];
    }),
  );
}

/** Of a document, or of an object; a guard has a code, and the lease is no object. */
function isAddress(id: Address): boolean {
  return id.includes('/');
}

function failureOf({ id, error }: LoopFound['failed'][number]): [Address, string] {
  const document = id.split('/').length > 2 ? documentOf(id) : id;
  return [document, error.startsWith(NOT_AS_REVIEWED) ? 'not as reviewed' : `failed${reasonOf(error)}`];
}

/** Of a guard its code alone: what it says may quote values. What is no guard is in the program's own words. */
function otherFailure({ id, error }: LoopFound['failed'][number]): string {
  return id.includes(' ') ? `${id}: ${error}` : `guard ${id}`;
}
