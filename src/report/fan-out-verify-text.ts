import { figure } from '../fan-out/figures.ts';
import type { FanOutVerifyResult, VerifiedDestination } from '../fan-out/verify-result.ts';
import { closingLines, exitText } from './count-text.ts';
import { unseenLines } from './fan-out-unseen-text.ts';
import { foldKey } from './fold.ts';
import { plural } from './format.ts';
import { indent } from './layout.ts';
import type { RenderOptions } from './options.ts';
import type { Line, Style, Tone } from './style.ts';

/** Keys of a list that are shown; programs get all of them. */
const SHOWN = 20;
const DEEP = 4;
/** Columns of the key that another one collides with. */
const ROOM_FOR_OTHER = 30;

interface Listed {
  readonly destination: string;
  readonly key: string;
  /** Beside the key. */
  readonly note?: string;
}

/** What is not as it should be, a block a destination; the count is last. */
export function fanOutVerifyLines(result: FanOutVerifyResult, options: RenderOptions, style: Style): readonly Line[] {
  return [
    [style.say(result.document, 'strong')],
    ...result.destinations.flatMap((one) => destinationLines(one, result, style)),
    ...unseenLines(result.unseen, style),
    ...adviceLines(result, style),
    [],
    ...closingLines(style, closing(result), exitText(options.exitCode)),
  ];
}

function destinationLines(one: VerifiedDestination, result: FanOutVerifyResult, style: Style): readonly Line[] {
  const { destination, objects, equal, extra } = one;
  const mark = isClean(one) ? style.say('= ', 'dim') : style.say('± ', 'change');
  const unlooked = extra === null ? '; extra copies not looked for' : '';
  const list = (symbol: string, tone: Tone, what: string, all: readonly Listed[]): readonly Line[] =>
    listLines({ symbol, tone, what, all: all.filter((entry) => entry.destination === destination) }, style);
  const nothing =
    extra === 0 ? 'nothing to compare: no object here, and none at the source' : 'no object at the source';
  const compared =
    objects === 0 ? `${nothing} that the filter admits` : `${figure(equal)} of ${plural(objects, 'object')} equal`;
  return [
    [indent(2), mark, style.say(`${destination}  ${compared}${unlooked}`)],
    ...list('+', 'add', 'missing', result.missing),
    ...list('~', 'change', 'stale', result.stale),
    ...list('-', 'delete', 'extra', result.extra),
    ...list(
      '!',
      'delete',
      'not copied, another key has its place',
      result.collisions.map((colliding) => withOther(colliding, style)),
    ),
    ...list('!', 'delete', 'not copied, no key to copy to', result.unmappable.map(withWhy)),
    ...keptLines(one, style),
  ];
}

/** What was deleted at the source and stays here, as the document says. */
function keptLines({ kept }: VerifiedDestination, style: Style): readonly Line[] {
  if (kept === null || kept === 0) return [];
  const text = `kept: ${plural(kept, 'copy', 'copies')} of what the source no longer has`;
  return [[indent(DEEP), style.say(text, 'dim')]];
}

interface ListOf {
  readonly symbol: string;
  readonly tone: Tone;
  readonly what: string;
  readonly all: readonly Listed[];
}

function listLines({ symbol, tone, what, all }: ListOf, style: Style): readonly Line[] {
  if (all.length === 0) return [];
  const more = all.length - SHOWN;
  return [
    [indent(DEEP), style.say(`${what}: ${figure(all.length)}`)],
    ...all.slice(0, SHOWN).map(({ key, note = '' }): Line => {
      const room = style.width - DEEP - 4 - note.length;
      return [indent(DEEP + 2), style.say(`${symbol} `, tone), { text: foldKey(key, room, style) }, style.say(note)];
    }),
    ...(more > 0 ? [[indent(DEEP + 2), style.say(`and ${figure(more)} more`, 'dim')]] : []),
  ];
}

function withOther({ destination, key, with: other }: FanOutVerifyResult['collisions'][number], style: Style): Listed {
  return { destination, key, note: `  ${foldKey(other, ROOM_FOR_OTHER, style)} has it` };
}

function withWhy({ destination, key, why }: FanOutVerifyResult['unmappable'][number]): Listed {
  return { destination, key, note: why === 'empty' ? '  the rewrite leaves nothing' : '  too long' };
}

function adviceLines({ document, missing, stale }: FanOutVerifyResult, style: Style): readonly Line[] {
  if (missing.length + stale.length === 0) return [];
  const name = document.slice(document.indexOf('/') + 1);
  return [[indent(2), style.say(`copy what is missing and stale:  trueup fan-out backfill ${name}`)]];
}

function closing(result: FanOutVerifyResult): string {
  const { missing, stale, extra, collisions, unmappable, complete, destinations, unseen } = result;
  if (!complete) return 'Verify: interrupted, not all was compared.';
  const parts = [
    [missing.length, 'missing'],
    [stale.length, 'stale'],
    [extra.length, 'extra'],
    [collisions.length, 'colliding'],
    [unmappable.length, 'without a key'],
    [unseen.length, 'not seen'],
  ] as const;
  const found = parts.flatMap(([count, what]) => (count > 0 ? [`${figure(count)} ${what}`] : []));
  const all = plural(destinations.length + unseen.length, 'destination');
  if (found.length === 0 && destinations.every(({ objects }) => objects === 0))
    return `Verify: ${all}, nothing to compare.`;
  return `Verify: ${all}, ${found.length === 0 ? 'all as at the source' : found.join(', ')}.`;
}

function isClean({ missing, stale, extra, collisions, unmappable }: VerifiedDestination): boolean {
  return missing + stale + (extra ?? 0) + collisions + unmappable === 0;
}
