import { describe, expect, it } from 'vitest';
import type { Finding, Value } from '../engine/types.ts';
import { roleGrowthLines } from './role-growth-text.ts';
import { createStyle } from './style.ts';

const style = createStyle({ width: 80, color: false, unicode: true });

function shown(data: Readonly<Record<string, Value>>, code = 'role-grows'): string {
  const finding: Finding = { document: '', code, severity: 'info', message: 'it grows', data };
  return style.paint(roleGrowthLines(finding, 2, style));
}

const on = (resource: string, ...actions: readonly string[]): Value => actions.map((action) => ({ action, resource }));

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
