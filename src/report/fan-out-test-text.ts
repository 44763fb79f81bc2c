import type { FanOutTestResult, ProbeArrival } from '../fan-out/test-result.ts';
import { closingLines, effortText, exitText } from './count-text.ts';
import { unseenLines } from './fan-out-unseen-text.ts';
import { foldKey, foldLong } from './fold.ts';
import { count, duration, plural } from './format.ts';
import { indent, paragraph } from './layout.ts';
import type { RenderOptions } from './options.ts';
import type { Line, Style } from './style.ts';

const INDENT = 4;

/** Seconds to each destination, or why a probe did not arrive; and what is left of it. */
export function fanOutTestLines(result: FanOutTestResult, options: RenderOptions, style: Style): readonly Line[] {
  const { document, key, destinations, left, unseen, calls, interrupted } = result;
  const arrived = destinations.filter((one) => one.arrived).length;
  const everywhere =
    unseen.length === 0 ? 'gone again everywhere' : `gone again, ${plural(unseen.length, 'destination')} not seen`;
  const gone = left.length === 0 ? everywhere : `left at ${plural(left.length, 'place')}`;
  const ended = interrupted ? ' Interrupted.' : '';
  const text = `Test: arrived at ${count(arrived)} of ${count(destinations.length)}, ${gone}.${ended} ${effortText(calls, options.elapsed)}.`;
  return [
    [style.say(document, 'strong'), style.say('   probe '), { text: foldKey(key, Math.floor(style.width / 2), style) }],
    ...destinations.flatMap((one) => arrivalLines(one, style)),
    ...unseenLines(unseen, style),
    ...left.flatMap(({ bucket, key: where, why }) =>
      paragraph(style, {
        lead: [style.say('! ', 'change')],
        hang: INDENT,
        text: foldLong(`s3://${bucket}/${where} could not be deleted: ${why}`, style),
      }),
    ),
    [],
    ...closingLines(style, text, exitText(options.exitCode)),
  ];
}

function arrivalLines({ destination, arrived, seconds, why }: ProbeArrival, style: Style): readonly Line[] {
  if (arrived) {
    return [
      [style.say('= ', 'dim'), { text: style.name(destination) }, style.say(`   ${duration((seconds ?? 0) * 1000)}`)],
    ];
  }
  return [
    [style.say('- ', 'delete'), { text: style.name(destination) }, style.say('   did not arrive')],
    ...paragraph(style, { lead: [indent(INDENT)], hang: INDENT, text: style.text(why ?? '') }),
  ];
}
