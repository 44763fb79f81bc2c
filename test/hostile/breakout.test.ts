import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { describe, expect, it, vi } from 'vitest';
import { FACTS } from '../golden/body-fixtures.ts';
import { MARKDOWN } from './payloads.ts';
import { renderings } from './renderings.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

type Root = ReturnType<typeof fromMarkdown>;
type Node = Root | Root['children'][number];

const CANARY = 'kanarienvogel';
/** What a stranger's text would have to become, to be more than text. */
const FOREIGN: ReadonlySet<string> = new Set([
  'image',
  'imageReference',
  'linkReference',
  'definition',
  'footnoteReference',
  'footnoteDefinition',
  'thematicBreak',
  'delete',
  'emphasis',
  'break',
]);
/** HTML of the program: markers, and the folded evidence with its escaped title. */
const OWN_HTML = [
  /^<!-- trueup:(?:plan|drift) (?:(?!--|>).)* -->$/u,
  /^<!-- trueup:status -->$/u,
  /^<details>\n<summary><code>(?:[^<>"'@#`\n]|&#\d+;)*<\/code><\/summary>$/u,
  /^<\/details>$/u,
];
/** Text that GitHub makes links of by itself: people, issues, commits, mathematics. */
const REFERENCE = /(?<![\w`])@[\w-]|(?<!\w)#\d|\bGH-\d|\b[0-9a-f]{7,40}\b|\$/u;
/** The number of a pull request and the digest that the program writes itself. */
const OWN_REFERENCE = /out of date: #12 changed |Digest 4f2a9c1e\./u;

function parse(page: string): Root {
  return fromMarkdown(page, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

function nodesOf(node: Node): readonly Node[] {
  return 'children' in node ? [node, ...node.children.flatMap((child) => nodesOf(child as Node))] : [node];
}

/** What of a page is more than the program meant, in words. */
function strangersIn(page: string): readonly string[] {
  return nodesOf(parse(page)).flatMap((node): readonly string[] => {
    if (FOREIGN.has(node.type)) return [node.type];
    if (node.type === 'html') return OWN_HTML.some((own) => own.test(node.value)) ? [] : [`html ${node.value}`];
    if (node.type === 'link') return node.url === FACTS.run?.url || isOwnRun(node.url) ? [] : [`link ${node.url}`];
    if (node.type === 'code') return node.lang === 'text' && !node.meta ? [] : [`code ${node.lang}`];
    if (node.type === 'listItem') return typeof node.checked === 'boolean' ? ['checkbox'] : [];
    if (node.type !== 'text') return [];
    const text = node.value.replace(OWN_REFERENCE, '');
    return text.includes(CANARY) || REFERENCE.test(text) ? [`text ${text}`] : [];
  });
}

function isOwnRun(url: string): boolean {
  return /^https:\/\/github\.com\/acme\/network\/actions\/runs\/\d+$/u.test(url);
}

describe('T23 nothing breaks out of a page', () => {
  it('has at least sixty ways of trying', () => {
    expect(new Set(MARKDOWN).size).toBeGreaterThanOrEqual(60);
  });

  it.each(MARKDOWN)(
    '%j in every field is text in a fence or a span, for a parser of GitHub flavoured markdown',
    (payload) => {
      const pages = renderings(`${payload}${CANARY}${payload}`).filter(({ medium }) => medium === 'page');
      const found = pages.map(({ name, text }) => [name, strangersIn(text)] as const);
      expect(found.filter(([, strangers]) => strangers.length > 0)).toEqual([]);
    },
  );

  it('and the parser would have noticed', () => {
    // Backticks make spans and fences of a line by themselves.
    const loud = MARKDOWN.filter((payload) => !payload.includes('`'));
    const noticed = loud.filter((payload) => strangersIn(`a ${payload}${CANARY}${payload}\n`).length > 0);
    expect(noticed).toEqual(loud);
    expect(loud.length).toBeGreaterThanOrEqual(60);
  });
});
