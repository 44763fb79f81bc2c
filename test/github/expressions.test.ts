import { describe, expect, it } from 'vitest';
import { evaluate, holds, interpolate } from '../support/runner/expressions/index.ts';
import type { Scope } from '../support/runner/expressions/index.ts';

const head = { sha: 'a'.repeat(40), repo: { id: 7 } };
const contexts = {
  github: {
    event_name: 'pull_request_target',
    event: {
      action: 'labeled',
      label: { name: 'trueup:plan' },
      pull_request: { number: 12, head },
      repository: { id: 7 },
      list: ['a', 'b'],
      changes: { base: { ref: { from: 'dev' } } },
    },
    ref: 'refs/heads/main',
  },
  inputs: { command: 'plan', 'dry-run': '' },
};
const scope = (status: Scope['status'] = 'success'): Scope => ({ contexts, status });

describe('expressions', () => {
  it.each([
    ["'it''s'", "it's"],
    ['-1.5', -1.5],
    ['0xff', 255],
    ['null', null],
    ['true', true],
    ['github.event.pull_request.number', 12],
    ["github['event']['label'].name", 'trueup:plan'],
    ['github.event.list[1]', 'b'],
    ['GITHUB_REF', undefined, ReferenceError],
    ['github.EVENT.Action', 'labeled'],
    ['github.event.nothing.below', null],
    ['inputs.dry-run', ''],
    ["github.ref == 'REFS/heads/main'", true],
    ['github.event.pull_request.head.repo.id == github.event.repository.id', true],
    ['github.event.nothing.id == github.event.repository.id', false],
    ["'1' == 1", true],
    ["'' == 0", true],
    ['null == 0', true],
    ["'x' == 0", false],
    ['true == 1', true],
    ['github.event == github.event', true],
    ['github.event == github', false],
    ["'abc' != 'ABD'", true],
    ["'b' > 'A'", true],
    ['2 <= 10', true],
    ["'2' < 10", true],
    ["'x' < 10", false],
    ['1 == 1 && 2', 2],
    ["'' || 'default'", 'default'],
    ['false && unknown.context', false],
    ["!inputs.dry-run && inputs.command == 'plan'", true],
    ['!(1 == 2) && !false', true],
    ['false && true || true', true],
    ['true || false && false', true],
    ["contains('Hello', 'ELL')", true],
    ["contains(github.event.list, 'B')", true],
    ["startsWith(github.ref, 'refs/heads/')", true],
    ["endsWith(github.ref, '/dev')", false],
    ["format('{0}-{1} {{x}}', 'a', 3)", 'a-3 {x}'],
    ["join(github.event.list, '+')", 'a+b'],
    ['fromJSON(\'{"a":[1]}\').a[0]', 1],
    ['toJSON(github.event.list)', '[\n  "a",\n  "b"\n]'],
    ['1 +', undefined, SyntaxError],
    ['(1', undefined, SyntaxError],
    ["'open", undefined, SyntaxError],
    ['github.', undefined, SyntaxError],
    ['1 2', undefined, SyntaxError],
    ["hashFiles('x')", undefined, ReferenceError],
    ['secrets.x', undefined, ReferenceError],
  ] as const)('%s is %j', (text, value, error?: ErrorConstructor) => {
    if (error) expect(() => evaluate(text, scope())).toThrow(error);
    else expect(evaluate(text, scope())).toStrictEqual(value);
  });

  it.each([
    ['plan-${{ github.event.pull_request.number }}-${{ github.event.pull_request.head.sha }}', `plan-12-${head.sha}`],
    ['${{ null }}|${{ true }}|${{ github.event }}|${{ github.event.list }}', '|true|Object|Array'],
    ['nothing $HOME ${x}', 'nothing $HOME ${x}'],
  ])('%s is put together', (text, value) => {
    expect(interpolate(text, scope())).toBe(value);
  });

  it.each([
    [undefined, 'success', true],
    [undefined, 'failure', false],
    ["github.event.action == 'labeled'", 'success', true],
    ["github.event.action == 'labeled'", 'failure', false],
    ["${{ github.event.action == 'opened' }}", 'success', false],
    ['always()', 'failure', true],
    ['failure()', 'failure', true],
    ['failure()', 'skipped', false],
    ['!cancelled()', 'failure', true],
    ["success() || github.event.action == 'x'", 'cancelled', false],
    [false, 'success', false],
    ['github.event.changes.base', 'success', true],
    ['github.event.changes.title', 'success', false],
    ['github.event.nothing.base', 'success', false],
    ["github.event.action != 'labeled' || github.event.changes.base", 'success', true],
    ["github.event.action != 'labeled' || github.event.changes.title", 'success', false],
    ["${{ '' }} || ${{ 'x' }}", 'success', SyntaxError],
  ] as const)('if: %s after %s is %s', (condition, status, value) => {
    if (typeof value === 'boolean') expect(holds(condition, scope(status))).toBe(value);
    else expect(() => holds(condition, scope(status))).toThrow(value);
  });
});
