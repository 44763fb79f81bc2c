import { escapeText } from '../report/escape.ts';
import { instant } from '../report/format.ts';
import type { Notice } from './notice.ts';

/** The body of a post to an incoming webhook (Slack, "Sending messages using incoming webhooks"). */
export interface SlackMessage {
  /** What a telephone shows of it before it is opened. */
  readonly text: string;
  readonly unfurl_links: false;
  readonly unfurl_media: false;
  readonly blocks: readonly SlackSection[];
}

export interface SlackSection {
  readonly type: 'section';
  readonly text: {
    readonly type: 'mrkdwn';
    readonly text: string;
    /** Addresses, names of channels and of people in it stay plain text (Slack, "Text object"). */
    readonly verbatim: true;
  };
}

/** Slack, "Section block": characters of its text, as they are sent. */
const MOST_OF_A_TEXT = 3_000;
/** Slack, "Blocks": in one message. */
const MOST_BLOCKS = 50;
/** Of one line, before it is escaped; a character becomes at most 16. */
const MOST_OF_A_LINE = 180;
const MOST_OF_A_TITLE = 150;
const MOST_OF_AN_ADDRESS = 1_000;
const CUT = '...';

/** A title, lines, and a link. Nothing of it mentions anybody, links anywhere else, or shows as anything but text. */
export function slackMessage({ estate, title, lines, url, at }: Notice): SlackMessage {
  const head = plain(`${estate}: ${title}`, MOST_OF_A_TITLE);
  const room = MOST_BLOCKS - 2;
  const texts = packed(lines.map((line) => plain(line, MOST_OF_A_LINE)));
  const kept = texts.slice(0, room);
  const foot = [linkOf(url), plain(instant(at), MOST_OF_A_LINE)].filter((part) => part !== '').join(', ');
  return {
    text: head,
    unfurl_links: false,
    unfurl_media: false,
    // Slack refuses a text that is empty.
    blocks: [`*${head}*`, ...kept, foot].filter((text) => text !== '').map(sectionOf),
  };
}

function sectionOf(text: string): SlackSection {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

/** Lines in texts of at most 3,000 characters. */
function packed(lines: readonly string[]): readonly string[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    const longer = `${last}\n${line}`;
    if (last === undefined || longer.length > MOST_OF_A_TEXT) texts.push(line);
    else texts[texts.length - 1] = longer;
  }
  return texts;
}

/** What would format, mention or link, by its code point; then what Slack reads as a control sequence, as an entity. */
function plain(text: string, most: number): string {
  const characters = Array.from(escapeText(text));
  const short =
    characters.length <= most ? characters.join('') : `${characters.slice(0, most - CUT.length).join('')}${CUT}`;
  return entities(short.replaceAll('://', ':<U+002F>/').replace(/[@*~`]/g, codePoint));
}

/** Slack, "Formatting text": these three, and no others. */
function entities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function codePoint(character: string): string {
  return `<U+00${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}>`;
}

/** `<https://…|more>`; empty: it is no address of a page. */
function linkOf(url = ''): string {
  if (!URL.canParse(url)) return '';
  const { protocol, href } = new URL(url);
  if ((protocol !== 'https:' && protocol !== 'http:') || href.length > MOST_OF_AN_ADDRESS) return '';
  return `<${entities(href.replaceAll('|', '%7C').replaceAll('<', '%3C').replaceAll('>', '%3E'))}|more>`;
}
