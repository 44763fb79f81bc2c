import type { DestinationStatus, FanOutStatusResult, KeyRow, QueueCounts } from '../fan-out/status-result.ts';
import { closingLines, effortText, exitText } from './count-text.ts';
import { foldKey } from './fold.ts';
import { count, duration, instant, plural } from './format.ts';
import { aligned, indent, paragraph } from './layout.ts';
import type { RenderOptions } from './options.ts';
import type { Line, Span, Style } from './style.ts';

const INDENT = 4;
/** Rows of a key, and errors, that are shown; programs get all of them. */
const SHOWN = 5;

/** A block a destination: what is wrong first, then the counts, then what to type. */
export function statusLines(result: FanOutStatusResult, options: RenderOptions, style: Style): readonly Line[] {
  const { document, key, destinations, counted, calls, ok } = result;
  const dead = destinations.reduce((sum, { deadLetters }) => sum + messages(deadLetters), 0);
  const text = `Status: ${plural(destinations.length, 'destination')}, ${ok ? 'all well' : foundText(destinations)}. ${effortText(calls, options.elapsed)}.`;
  const name = document.slice(document.indexOf('/') + 1);
  return [
    [
      style.say(document, 'strong'),
      ...(key === undefined ? [] : [style.say('   key '), { text: foldKey(key, Math.floor(style.width / 2), style) }]),
    ],
    ...destinations.flatMap((one) => destinationLines(one, style)),
    [],
    ...(counted?.all === false
      ? [
          ...paragraph(style, {
            lead: [],
            hang: 0,
            text: style.text(
              `The ledger is large: counting stopped at ${count(counted.rows)} rows, and the counts are of those. --rows N reads more.`,
            ),
          }),
          [],
        ]
      : []),
    ...(key === undefined && ok ? [...leftOutLines(destinations, name, style), []] : []),
    ...(dead > 0 ? [[style.say(`to try them again:  trueup fan-out redrive ${name}`)], []] : []),
    ...closingLines(style, text, exitText(options.exitCode)),
  ];
}

/** Trying again copies none of those: the ledger knows the ones that a function met, and a backfill leaves the rest out. */
function leftOutLines(destinations: readonly DestinationStatus[], name: string, style: Style): readonly Line[] {
  const met = destinations.reduce((sum, { copies }) => sum + (copies?.collision ?? 0), 0);
  const known = met === 0 ? '' : `, of which events met ${count(met)}`;
  return paragraph(style, {
    lead: [],
    hang: 0,
    text: style.text(`what collides, or is missing${known}, the listings tell: trueup fan-out verify ${name}`),
  });
}

/** What is not well, of all destinations; of a key asked for, at how many of them it failed. */
function foundText(destinations: readonly DestinationStatus[]): string {
  const many = (isOne: (one: DestinationStatus) => boolean): number => destinations.filter(isOne).length;
  const sum = (amount: (one: DestinationStatus) => number): number =>
    destinations.reduce((total, one) => total + amount(one), 0);
  const dead = sum(({ deadLetters }) => messages(deadLetters));
  const isOfKey = destinations.some(({ asked }) => asked !== undefined);
  const failed = isOfKey ? many((one) => failedOf(one) > 0) : sum(failedOf);
  const faulty = many((one) => faultsOf(one).length > 0);
  const parts = [
    ...(dead > 0 ? [plural(dead, 'dead letter')] : []),
    ...(failed > 0 ? [isOfKey ? `the key failed at ${count(failed)}` : `${count(failed)} failed`] : []),
  ];
  return parts.length === 0 && faulty > 0 ? `${count(faulty)} not as applied` : parts.join(', ');
}

/** Copies that failed, as far as was asked. */
function failedOf({ copies, asked }: DestinationStatus): number {
  return asked ? asked.rows.filter(({ state }) => state === 'failed').length : (copies?.failed ?? 0);
}

function destinationLines(one: DestinationStatus, style: Style): readonly Line[] {
  const { destination, deadLetters, work, lag, oldest, errors = [] } = one;
  const faults = faultsOf(one);
  const isWell = faults.length === 0 && messages(deadLetters) === 0 && failedOf(one) === 0;
  const mark = isWell ? style.say('= ', 'dim') : style.say('- ', 'delete');
  const rows: (readonly [string, Span] | undefined)[] = [
    one.copies && ['copies', style.say(copiesText(one.copies))],
    lag && [
      'lag',
      style.say(
        `half within ${duration(lag.p50 * 1000)}, longest ${duration(lag.max * 1000)}; ${plural(lag.copies, 'copy', 'copies')} in the last hour`,
      ),
    ],
    oldest && [
      'oldest',
      {
        text: `${foldKey(oldest.key, Math.floor(style.width / 2), style)}${style.text(` waits for ${duration(oldest.seconds * 1000)}`)}`,
      },
    ],
    ['queues', style.say(`${queueText(deadLetters, 'dead letter')}, ${queueText(work, 'message')} of work`)],
  ];
  return [
    [mark, { text: style.name(destination) }],
    ...faults.map((fault): Line => [indent(INDENT), style.say(fault)]),
    ...aligned(rows.flatMap((row) => (row ? [[style.say(`${' '.repeat(INDENT)}${row[0]}`, 'dim'), row[1]]] : []))),
    ...errors.slice(0, SHOWN).flatMap((failure) => errorLines(failure, style)),
    ...(one.asked ? askedLines(one.asked, style) : []),
  ];
}

function faultsOf({ function: state, deadLetters, work }: DestinationStatus): readonly string[] {
  return [
    ...(state === 'absent' ? ['its function is missing: trueup plan, then trueup apply'] : []),
    ...(state === 'unknown' ? ['its function cannot be looked at'] : []),
    ...(deadLetters && work ? [] : ['a queue is missing: trueup plan, then trueup apply']),
  ];
}

function copiesText(copies: NonNullable<DestinationStatus['copies']>): string {
  const words = Object.entries(copies).flatMap(([state, number]) =>
    number > 0 || state === 'done' ? [`${count(number)} ${state}`] : [],
  );
  return words.join(', ');
}

function queueText(queue: QueueCounts | null, what: string): string {
  return plural(messages(queue), what);
}

function messages(queue: QueueCounts | null): number {
  return queue ? queue.visible + queue.inFlight + queue.delayed : 0;
}

function errorLines(
  { key, at, error }: NonNullable<DestinationStatus['errors']>[number],
  style: Style,
): readonly Line[] {
  return [
    [
      indent(INDENT),
      style.say('failed  '),
      { text: foldKey(key, Math.floor(style.width / 2), style) },
      style.say(`   ${instant(at)}`, 'dim'),
    ],
    ...paragraph(style, { lead: [indent(INDENT + 2)], hang: INDENT + 2, text: style.text(error) }),
  ];
}

function askedLines({ key, why, rows }: NonNullable<DestinationStatus['asked']>, style: Style): readonly Line[] {
  if (key === undefined) return [[indent(INDENT), style.say(`goes nowhere: ${why ?? ''}`)]];
  const more = rows.length - SHOWN;
  return [
    [indent(INDENT), style.say('key there  '), { text: foldKey(key, Math.floor(style.width / 2), style) }],
    ...(rows.length === 0 ? [[indent(INDENT), style.say('the ledger knows no copy of it')]] : []),
    ...rows.slice(0, SHOWN).flatMap((row) => rowLines(row, style)),
    ...(more > 0 ? [[indent(INDENT), style.say(`…${count(more)} older: --format json`)]] : []),
  ];
}

function rowLines({ state, version, etag, size, deleted, at, error, current }: KeyRow, style: Style): readonly Line[] {
  const content = [etag, size === undefined ? undefined : plural(size, 'octet')].flatMap((word) => word ?? []);
  const more = [
    instant(at),
    ...(version === undefined ? [] : [`version ${version}`]),
    ...(error === undefined ? [] : [error]),
  ];
  return [
    [
      indent(INDENT),
      state === 'failed' ? style.say('- ', 'delete') : style.say(current ? '= ' : '  ', 'dim'),
      style.say(`${state}  ${deleted ? 'deletion' : content.join(', ')}`),
    ],
    ...paragraph(style, { lead: [indent(INDENT + 4)], hang: INDENT + 4, text: style.text(more.join('; ')) }),
  ];
}
