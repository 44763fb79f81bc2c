import { expect, it } from 'vitest';
import { effectLines } from './effect-text.ts';
import { permissionsMarkdown } from './permissions-text.ts';
import { createStyle } from './style.ts';

const style = createStyle({ color: false, width: 80, unicode: true });
const long = `s3:GetObject on arn:aws:s3:::${'bucket-'.repeat(40)}end`;

function textOf(gains: string[], losses: string[]): string {
  const effect = { document: 'Fake/app', code: 'iam.permissions', data: { role: 'worker', gains, losses } };
  return style.paint(effectLines(effect, { records: false }, style));
}

it('gains and losses stand each on a line, actions on one thing together', () => {
  expect(textOf(['iam:* on *'], ['s3:Get* on *', 'sqs:* on *', 's3:Put* on arn:x'])).toBe(
    '    permissions of worker\n      + iam:* on *\n      - s3:Get*, sqs:* on *\n      - s3:Put* on arn:x\n',
  );
});

it('what is denied stands apart from what is no longer allowed', () => {
  expect(textOf(['no longer denied: a:B on *'], ['a:C on *', 'denied: a:D on *', 'denied: a:E on *'])).toBe(
    '    permissions of worker\n      + no longer denied: a:B on *\n      - a:C on *\n      - denied: a:D, a:E on *\n',
  );
});

it('T63 nothing of them is cut, however many and long they are', () => {
  const many = Array.from({ length: 300 }, (_, at) => `a:B${at} on r${at}`);

  const text = textOf([long, ...many], []);

  expect(text.replaceAll(/\s/g, '')).toContain(long.replaceAll(' ', ''));
  expect(many.every((line) => text.includes(line))).toBe(true);
});

it('hostile text cannot leave its line', () => {
  const text = textOf(['a\n+ b\u001B[31m'], []);
  expect([text.includes('\n+ b'), text.includes('\u001B')]).toEqual([false, false]);
  expect(permissionsMarkdown([{ role: '`x`', gains: ['</details>\n# `y`'], losses: [] }])).not.toMatch(/\n#/);
});

it('on a page they stand outside of what is folded', () => {
  expect(permissionsMarkdown([{ role: 'worker', gains: ['iam:* on *'], losses: ['s3:* on *'] }])).toBe(
    '**Permissions change**\n\n- `worker` gains `iam:* on *`\n- `worker` loses `s3:* on *`\n',
  );
  expect(permissionsMarkdown([])).toBe('');
});
