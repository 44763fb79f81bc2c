import { describe, expect, it } from 'vitest';
import type { Finding, Value } from '../engine/types.ts';
import { roleGrowthLines } from './role-growth-text.ts';
import { createStyle } from './style.ts';

const style = createStyle({ width: 80, color: false, unicode: true });

function shown(data: Readonly<Record<string, Value>>, code = 'role-grows'): string {
  const finding: Finding = { document: '', code, severity: 'info', message: 'it grows', data };
  return style.paint(roleGrowthLines(finding, 2, style));
}

const on = (resource: string, ...actions: readonly string[]): readonly Value[] =>
  actions.map((action) => ({ action, resource }));

describe('what comes to a role and goes from it', () => {
  it('is one line an object, all actions on it', () => {
    const data = { adds: on('arn:1', 'a:Get', 'a:Put'), takes: on('arn:2', 'a:Get') };
    expect(shown(data)).toBe('  + a:Get, a:Put on arn:1\n  - a:Get on arn:2\n');
  });

  it('leaves nothing out, however much it is', () => {
    const actions = Array.from({ length: 400 }, (_, index) => `service:Action${index}`);
    const text = shown({ adds: on('*', ...actions) }).replaceAll(/\s+/g, ' ');
    expect(actions.filter((action) => !text.includes(`${action},`) && !text.includes(`${action} on`))).toEqual([]);
  });

  it('is counted by service where new documents bring many objects, but for what is wide', () => {
    const queues = Array.from({ length: 13 }, (_, index) => `arn:aws:sqs:eu-west-1:111122223333:queue-${index}`);
    const many = queues.flatMap((queue) =>
      ['sqs:CreateQueue', 'sqs:TagQueue'].map((action) => ({ action, resource: queue, new: true })),
    );
    const wide = [
      { action: 'sns:Unsubscribe', resource: '*', new: true },
      { action: 'logs:PutLogEvents', resource: 'arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/f:*', new: true },
      { action: 's3:GetObject', resource: 'arn:aws:s3:::in/2026/*.pdf', new: true },
      { action: 'kms:Decrypt', resource: 'arn:aws:kms:eu-west-1:111122223333:key/*', new: true },
    ];
    expect(shown({ adds: [...on('arn:old', 'sqs:DeleteQueue'), ...many, ...wide] as readonly Value[] })).toBe(
      [
        '  + sqs:DeleteQueue on arn:old',
        '  + sns:Unsubscribe on *',
        '  + s3:GetObject on arn:aws:s3:::in/2026/*.pdf',
        '  + kms:Decrypt on arn:aws:kms:eu-west-1:111122223333:key/*',
        '  + sqs: CreateQueue, TagQueue on 13 objects',
        '  + logs: PutLogEvents on 1 object',
        '  objects of new documents; each by its name:  trueup plan --format json',
        '',
      ].join('\n'),
    );
    // Few of them, or of documents that were there before: all are named.
    const old = [...many, ...wide].map(({ action, resource }) => ({ action, resource }));
    for (const adds of [many, old]) {
      const text = shown({ adds });
      expect(queues.filter((queue) => !text.includes(queue))).toEqual([]);
      expect(text).not.toContain('objects');
    }
  });

  it('shows no character that acts on a terminal', () => {
    const text = shown({ adds: on('\u001b[31m\u202ex', 'a:Get\r\n') });
    expect(['\u001b', '\r', '\u202e'].filter((character) => text.includes(character))).toEqual([]);
    expect(text.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each<[string, Readonly<Record<string, Value>>, string?]>([
    ['another finding', { adds: on('*', 'a:Get') }, 'lease-bucket'],
    ['lists that are none', { adds: 'a:Get', takes: 3 }],
    ['items of another shape', { adds: [null, 'x', { action: 1, resource: '*' }] }],
  ])('is nothing for %s', (_what, data, code) => {
    expect(shown(data, code)).toBe('');
  });
});
