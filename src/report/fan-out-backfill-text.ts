import type {
  BackfillEstimate,
  BackfilledDestination,
  BackfillOutcome,
  FanOutBackfillResult,
} from '../fan-out/backfill-result.ts';
import { figure, octets } from '../fan-out/figures.ts';
import { closingLines, exitText } from './count-text.ts';
import { unseenLines } from './fan-out-unseen-text.ts';
import { foldName } from './fold.ts';
import { duration, instant, plural } from './format.ts';
import { indent } from './layout.ts';
import type { BackfillOptions } from './options.ts';
import type { Line, Style } from './style.ts';

/** What was done, or is to be done, a block a destination; the count is last. */
export function fanOutBackfillLines(
  result: FanOutBackfillResult,
  options: BackfillOptions,
  style: Style,
): readonly Line[] {
  return [
    [style.say(result.document, 'strong')],
    ...(options.wasForetold
      ? result.destinations.map((one) => sentLine(one, style))
      : foretoldLines(result.destinations, style)),
    ...result.destinations.flatMap((one) => endLines(one, result, style)),
    ...unseenLines(result.unseen, style),
    [],
    ...closingLines(style, closing(result), exitText(options.exitCode)),
  ];
}

/** What it takes, before it is done. */
export function foretoldLines(destinations: readonly BackfilledDestination[], style: Style): readonly Line[] {
  return destinations.flatMap((one) => {
    const { destination, foretold, resumed } = one;
    const { objects, bytes, crossRegionBytes, messages } = foretold;
    const mark = objects === 0 ? style.say('= ', 'dim') : style.say('+ ', 'add');
    if (objects === 0) {
      return [[indent(2), mark, style.say(`${destination}  nothing to copy`)], ...resumedLines(resumed, style)];
    }
    const across = crossRegionBytes > 0 ? `, ${octets(crossRegionBytes)} of it to another region` : '';
    return [
      [indent(2), mark, style.say(`${destination}  ${plural(objects, 'object')}, ${octets(bytes)}${across}`)],
      ...resumedLines(resumed, style),
      [indent(6), style.say(`${plural(messages, 'message')} of work; ${requestsText(foretold)}`)],
    ];
  });
}

/** What came of what was foretold. */
function sentLine({ destination, foretold, sent }: BackfilledDestination, style: Style): Line {
  const { objects } = foretold;
  if (objects === 0) return [indent(2), style.say('= ', 'dim'), style.say(`${destination}  nothing to copy`)];
  const all = sent === objects ? '' : ` of ${figure(objects)}`;
  return [
    indent(2),
    style.say('+ ', 'add'),
    style.say(`${destination}  ${figure(sent)}${all} ${objects === 1 ? 'object' : 'objects'} handed over`),
  ];
}

function resumedLines(resumed: BackfilledDestination['resumed'], style: Style): readonly Line[] {
  if (!resumed) return [];
  const { sent, began } = resumed;
  const when = instant(began.replace(/\.\d+Z$/, 'Z'));
  return [[indent(6), style.say(`goes on with the run of ${when}, which had handed over ${plural(sent, 'object')}`)]];
}

/** `7,012 requests: S3 2,004, DynamoDB 5,006, SQS 2`. */
function requestsText({ requests, isAtLeast }: BackfillEstimate): string {
  const services = Object.entries(requests).map(([service, { reads, writes }]) => [service, reads + writes] as const);
  const all = services.reduce((sum, [, calls]) => sum + calls, 0);
  const each = services.map(([service, calls]) => `${service} ${figure(calls)}`).join(', ');
  return `${plural(all, 'request')}${isAtLeast ? ' or more' : ''}: ${each}`;
}

/** Keys of a list that are shown; programs get all of them. */
const SHOWN = 20;
const DEEP = 6;

function collidingLines(all: FanOutBackfillResult['colliding'], style: Style): Line[] {
  const more = all.length - SHOWN;
  const room = Math.floor((style.width - DEEP - 4) / 2);
  return [
    ...all
      .slice(0, SHOWN)
      .map(({ key, with: other }): Line => [
        indent(DEEP),
        { text: foldName(key, room, style) },
        style.say(': '),
        { text: foldName(other, room, style) },
      ]),
    ...(more > 0 ? [[indent(DEEP), style.say(`and ${figure(more)} more`, 'dim')]] : []),
  ];
}

function endLines(
  one: BackfilledDestination,
  { document, outcome, colliding }: FanOutBackfillResult,
  style: Style,
): Line[] {
  const { destination, collisions, unmappable, archived, copying, waiting, deadLetters } = one;
  const name = document.slice(document.indexOf('/') + 1);
  const own = colliding.filter((entry) => entry.destination === destination);
  const say = (text: string): Line => [indent(2), style.say('! ', 'change'), style.say(`${destination}  ${text}`)];
  return [
    ...(collisions > 0
      ? [say(`${plural(collisions, 'object')} not copied: another key has the place`), ...collidingLines(own, style)]
      : []),
    ...(unmappable > 0 ? [say(`${plural(unmappable, 'object')} not copied: no key to copy to`)] : []),
    ...(archived > 0 ? [say(`${plural(archived, 'object')} not copied: archived, restore first`)] : []),
    ...(copying !== null && copying > 0
      ? [say(`${plural(copying, 'large object')} still copying: trueup fan-out status ${name}`)]
      : []),
    ...(waiting !== null && waiting > 0 && outcome !== 'done'
      ? [say(`${plural(waiting, 'message')} of work not done yet`)]
      : []),
    ...(deadLetters !== null && deadLetters > 0
      ? [say(`${plural(deadLetters, 'message')} failed for good: trueup fan-out redrive ${name}`)]
      : []),
  ];
}

const ENDS: Readonly<Record<BackfillOutcome, string>> = {
  foretold: 'would be copied; nothing was done',
  nothing: 'to copy',
  done: 'handed over and worked off',
  copying: 'handed over; large ones are still being copied',
  'handed-over': 'handed over; the functions go on',
  stuck: 'handed over, and for two hours none was done',
  interrupted: 'handed over; interrupted, the same command goes on',
};

function closing({ outcome, destinations, unseen }: FanOutBackfillResult): string {
  const objects = destinations.reduce(
    (sum, one) => sum + (outcome === 'foretold' ? one.foretold.objects : one.sent),
    0,
  );
  return `Backfill: ${objects === 0 && outcome === 'nothing' ? 'nothing' : plural(objects, 'object')} ${ENDS[outcome]}${unseen.length === 0 ? '' : `; ${plural(unseen.length, 'destination')} not seen`}.`;
}

/** `sent 40,000 of 100,000  done 36,200  410/s  2 min 35 s left` */
export function backfillProgressText(progress: {
  readonly objects: number;
  readonly sent: number;
  readonly done: number;
  readonly perSecond: number | undefined;
  readonly secondsLeft: number | undefined;
}): string {
  const { objects, sent, done, perSecond, secondsLeft } = progress;
  const rate = perSecond === undefined ? '' : `  ${figure(Math.round(perSecond))}/s`;
  const left = secondsLeft === undefined ? '' : `  ${duration(secondsLeft * 1000)} left`;
  return `sent ${figure(sent)} of ${figure(objects)}  done ${figure(done)}${rate}${left}`;
}
