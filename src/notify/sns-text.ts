import { disarmCommand, escapeText } from '../report/escape.ts';
import { instant } from '../report/format.ts';
import type { Notice } from './notice.ts';

/** What is published on a topic. */
export interface SnsMessage {
  readonly subject: string;
  readonly message: string;
  /** All of the type String: subscriptions filter by them. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Publish, Subject: less than 100 characters, no line breaks, no controls; e-mail wants ASCII. */
const MOST_OF_A_SUBJECT = 99;
/** One line of a message, in characters. */
const MOST_OF_A_LINE = 300;
/** Far below the 262,144 octets of Publish: a telephone shows it. */
const MOST_LINES = 60;
const CUT = '...';

/** Plain text, one line a line: what others named is one line too, whatever it holds. */
export function snsMessage({ event, estate, title, lines, url, at }: Notice): SnsMessage {
  const shown = lines.slice(0, MOST_LINES).map(plain);
  const rest = lines.length - shown.length;
  const text = [
    `${plain(estate)}: ${plain(title)}`,
    '',
    ...shown,
    ...(rest > 0 ? [`and ${rest} more`] : []),
    '',
    ...(url === undefined ? [] : [cut(escapeText(url), MOST_OF_A_LINE)]),
    plain(instant(at)),
  ];
  return {
    subject: cut(escapeText(`trueup ${estate}: ${title}`, 'ascii'), MOST_OF_A_SUBJECT),
    message: `${text.join('\n')}\n`,
    attributes: { event, owner: escapeText(estate, 'ascii') },
  };
}

/** Mail programs make links of addresses, and none of our own words is one. */
function plain(text: string): string {
  return cut(disarmCommand(escapeText(text)).replaceAll('://', ':<U+002F>/'), MOST_OF_A_LINE);
}

function cut(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - CUT.length).join('')}${CUT}`;
}
