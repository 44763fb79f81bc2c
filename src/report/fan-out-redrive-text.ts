import type { FanOutRedriveResult, KeptLetter, RedrivenDestination } from '../fan-out/redrive-result.ts';
import { closingLines, effortText, exitText } from './count-text.ts';
import { foldKey } from './fold.ts';
import { count, duration, instant, plural } from './format.ts';
import { indent, paragraph } from './layout.ts';
import type { RenderOptions } from './options.ts';
import type { Line, Style } from './style.ts';

/** Letters of a destination that are shown; programs get all of them. */
const SHOWN = 20;
const INDENT = 4;

const OUTCOMES: Readonly<Record<KeptLetter['outcome'], string>> = {
  failed: 'failed again',
  refused: 'refused',
  unreadable: 'not understood',
  elsewhere: 'under way',
};

/** What was brought again, and each dead letter that stays with its reason. */
export function redriveLines(result: FanOutRedriveResult, options: RenderOptions, style: Style): readonly Line[] {
  const { document, redriven, failed, left, destinations, calls, interrupted } = result;
  const name = document.slice(document.indexOf('/') + 1);
  const ended = interrupted ? ' Interrupted: run it again.' : '';
  const text = `Redrive: ${count(redriven)} redriven, ${count(failed.length)} not, ${count(left)} left.${ended} ${effortText(calls, options.elapsed)}.`;
  return [
    [style.say(document, 'strong')],
    ...destinations.flatMap((one) => destinationLines(one, result, style)),
    ...(left > 0 ? [[indent(INDENT), style.say(`again:  trueup fan-out redrive ${name}`)]] : []),
    [],
    ...closingLines(style, text, exitText(options.exitCode)),
  ];
}

function destinationLines(
  one: RedrivenDestination,
  { failed, hiddenSeconds }: FanOutRedriveResult,
  style: Style,
): readonly Line[] {
  const { destination, redriven, came, hidden } = one;
  const own = failed.filter((letter) => letter.destination === destination);
  const mark = own.length > 0 ? style.say('- ', 'delete') : style.say('= ', 'dim');
  const more = own.length - SHOWN;
  return [
    [mark, { text: style.name(destination) }, style.say(`   ${plural(redriven, 'dead letter')} redriven`)],
    ...said(countsText(one), style),
    ...own.slice(0, SHOWN).flatMap((letter) => letterLines(letter, style)),
    ...(more > 0 ? [[indent(INDENT), style.say(`…${count(more)} more: --format json`)]] : []),
    ...(came > 0 ? said(`${plural(came, 'dead letter')} came meanwhile`, style) : []),
    ...(hidden > 0
      ? said(
          `about ${plural(hidden, 'dead letter')} out of sight: another run has them, or had; they come back within ${duration(hiddenSeconds * 1000)}`,
          style,
        )
      : []),
  ];
}

function countsText({ counts }: RedrivenDestination): string {
  const words = [
    'copied',
    'deleted',
    'kept',
    'superseded',
    'duplicates',
    'collisions',
    'skipped',
    'archived',
    'customerKeys',
    'ignored',
    'unmappable',
  ]
    .filter((name) => (counts[name] ?? 0) > 0)
    .map((name) => `${count(counts[name] ?? 0)} ${name === 'customerKeys' ? 'under customer keys' : name}`);
  return words.join(', ');
}

function letterLines({ message, sent, keys, outcome, reason }: KeptLetter, style: Style): readonly Line[] {
  const [first] = keys;
  const what =
    first === undefined ? style.text(`message ${message}`) : foldKey(first, Math.floor(style.width / 2), style);
  const others = keys.length > 1 ? ` and ${count(keys.length - 1)} more` : '';
  return [
    [indent(INDENT), style.say(`${OUTCOMES[outcome]}  `), { text: what }, style.say(others)],
    ...paragraph(style, {
      lead: [indent(INDENT + 2)],
      hang: INDENT + 2,
      text: style.text(`sent ${instant(sent)}; ${reason}`),
    }),
  ];
}

function said(text: string, style: Style): readonly Line[] {
  if (text === '') return [];
  return paragraph(style, { lead: [indent(INDENT)], hang: INDENT, text: style.text(text) });
}
