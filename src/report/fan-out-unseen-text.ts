import type { UnseenDestination } from '../fan-out/verify-result.ts';
import { indent, paragraph } from './layout.ts';
import type { Line, Style } from './style.ts';

/** Destinations that could not be looked at, each with its reason. */
export function unseenLines(unseen: readonly UnseenDestination[], style: Style): readonly Line[] {
  return unseen.flatMap(({ destination, why }) => [
    [indent(2), style.say('? ', 'change'), { text: style.name(destination) }, style.say('  not seen')],
    ...paragraph(style, { lead: [indent(6)], hang: 6, text: style.text(why) }),
  ]);
}
