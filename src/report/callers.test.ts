import { expect, it } from 'vitest';
import type { Effect } from '../engine/types.ts';
import { callersMarkdown, callersOf } from './callers.ts';
import { effectLines } from './effect-text.ts';
import { createStyle } from './style.ts';

const style = createStyle({ color: false, width: 80, unicode: true });

function effectOf(document: string, route: string, gains: string[], losses: string[]): Effect {
  return { document, code: 'api.callers', data: { route, gains, losses } };
}

function textOf(gains: string[], losses: string[]): string {
  const effect = effectOf('Fake/app', 'POST /x', gains, losses);
  return style.paint(effectLines(effect, { records: false }, style));
}

it('who may call from now on, and who no longer, stand each on a line', () => {
  expect(textOf(['tokens of https://a for b'], ['principals of 1'])).toBe(
    '    who may call POST /x\n      + tokens of https://a for b\n      - principals of 1\n',
  );
});

it('T63 nothing of them is cut, however many and long they are', () => {
  const long = `tokens of https://${'host.'.repeat(90)}example for ${'audience'.repeat(20)}`;
  const many = Array.from({ length: 300 }, (_, at) => `tokens of https://a for b${at}`);

  const text = textOf([long, ...many], []);

  expect(text.replaceAll(/\s/g, '')).toContain(long.replaceAll(' ', ''));
  expect(many.every((line) => text.includes(line))).toBe(true);
});

it('hostile text cannot leave its line', () => {
  const text = textOf(['a\n+ b\u001B[31m'], []);
  expect([text.includes('\n+ b'), text.includes('\u001B')]).toEqual([false, false]);
  expect(callersMarkdown([effectOf('Fake/`\n# z`', '`x`', ['</details>\n# `y`'], [])])).not.toMatch(/\n#/);
});

it('T63 on a page they stand outside of what is folded, each with its document: two services have one route', () => {
  const effects = [
    effectOf('Fake/app', 'POST /x', ['tokens of a'], ['principals of 1']),
    effectOf('Fake/other', 'POST /x', ['principals of 1'], []),
  ];
  expect(callersMarkdown(effects)).toBe(
    '**Who may call changes**\n\n- `POST /x` of `Fake/app` may be called by `tokens of a`\n' +
      '- `POST /x` of `Fake/app` can no longer be called by `principals of 1`\n' +
      '- `POST /x` of `Fake/other` may be called by `principals of 1`\n',
  );
  expect(callersMarkdown([])).toBe('');
});

it('other data under the code are shown as any data are', () => {
  expect(callersOf({ document: 'Fake/app', code: 'api.callers', data: { route: 1, gains: [], losses: [] } })).toBe(
    undefined,
  );
});
