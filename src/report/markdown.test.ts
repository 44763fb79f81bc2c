import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostilePlan } from '../../test/golden/fixtures.ts';
import { cellSpan, codeSpan, fence, htmlText } from './markdown.ts';
import { renderPlan } from './render.ts';

const CANARY = 'canary';
const PAYLOADS = [
  '`',
  '``',
  '```',
  '````````',
  '`a`',
  ' ` ',
  '`` ` ``',
  '```\n# h\n```',
  '~~~',
  '\\`',
  '\\|',
  '|',
  'a|b|c',
  '||',
  '</details>',
  '</code></summary>',
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '<!-- x -->',
  '--> x',
  '![](http://x.example/y.png)',
  '[x](javascript:alert(1))',
  '[x]: http://x.example',
  '<http://x.example>',
  'http://x.example',
  'www.x.example',
  'a@x.example',
  '@team',
  '@org/team',
  '#1',
  'o/r#1',
  'GH-1',
  '9f3c2ab0d1e2f3a4b5c6d7e8f90a1b2c3d4e5f60',
  'fixes #1',
  '$$x$$',
  '$`x`$',
  '```mermaid',
  '> [!NOTE]',
  '# heading',
  '- item',
  '1. item',
  '---',
  '***',
  '| a | b |',
  '|---|',
  '**b**',
  '__b__',
  '~~b~~',
  ':smile:',
  '&lt;',
  '&#60;',
  '&nbsp;',
  '\\',
  '\\\\`',
  'a\nb',
  'a\r\nb',
  'a\tb',
  '\u2028# h',
  '[^1]',
  '- [ ] x',
];

/** What CommonMark §6.1 reads as text outside of code spans. */
function outsideSpans(line: string): string {
  let outside = '';
  let rest = line;
  for (;;) {
    const open = /`+/u.exec(rest);
    if (!open) return outside + rest;
    outside += rest.slice(0, open.index);
    const after = rest.slice(open.index + open[0].length);
    const close = [...after.matchAll(/`+/gu)].find((run) => run[0].length === open[0].length);
    if (!close) return outside + rest.slice(open.index);
    rest = after.slice(close.index + close[0].length);
  }
}

/** Lines that stand outside of fences (CommonMark §4.5). */
function outsideFences(page: string): readonly string[] {
  let marks = '';
  return page.split('\n').filter((line) => {
    const run = /^ {0,3}(`{3,})(.*)$/u.exec(line);
    if (marks === '') {
      marks = run?.[1] ?? '';
      return marks === '';
    }
    if (run && (run[1] ?? '').length >= marks.length && run[2]?.trim() === '') marks = '';
    return false;
  });
}

describe('T23 nothing breaks out of markdown', () => {
  it.each(PAYLOADS)('%j stays in its code span, fence, cell and summary', (payload) => {
    const text = `${payload}${CANARY}${payload}`;
    expect(outsideSpans(`| ${cellSpan(text)} | x |`)).toBe('|  | x |');
    expect(cellSpan(text)).not.toContain('|');
    expect(outsideSpans(codeSpan(text))).toBe('');
    expect(outsideFences(fence(`${text.replaceAll(/[\r\n\u2028]/gu, '')}\n`)).join('')).toBe('');
    expect(htmlText(text)).not.toMatch(/[<>"'@`\n\r]/u);
  });

  it.each(PAYLOADS)('a plan full of %j has it in code spans, fences and escaped summaries only', (payload) => {
    const page = renderPlan(hostilePlan(`${payload}${CANARY}`), {
      format: 'markdown',
      width: 100,
      unicode: true,
      color: false,
    });
    const open = outsideFences(page).map(outsideSpans);
    for (const line of open.filter((text) => text.includes(CANARY))) {
      const summary = /^<summary><code>(.*)<\/code><\/summary>$/u.exec(line);
      expect(summary?.[1]).toMatch(/^[^<>"'@`]*$/u);
    }
    const html = open.filter((line) => line.includes('<') && !line.startsWith('<summary>'));
    expect(new Set(html)).toEqual(new Set(['<details>', '</details>']));
  });

  it('any string stays in its span', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(outsideSpans(codeSpan(text))).toBe('');
        expect(outsideSpans(`x${cellSpan(text)}y`)).toBe('xy');
      }),
    );
  });
});
