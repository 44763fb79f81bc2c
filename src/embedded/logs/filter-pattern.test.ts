import { describe, expect, it } from 'vitest';
import { readFilter } from './filter-pattern.ts';

const JSON_LINE = '{"level":"error","code":404,"zone":{"name":"corp.test"},"list":[{"id":"a"}]}';

describe('filter patterns', () => {
  it.each([
    ['', 'anything', true],
    ['ERROR', 'an ERROR here', true],
    ['ERROR', 'an error here', false],
    ['ERROR zone', 'zone: ERROR', true],
    ['ERROR zone', 'ERROR', false],
    ['ERROR -retry', 'ERROR, will retry', false],
    ['ERROR -retry', 'ERROR, gave up', true],
    ['?ERROR ?WARN', 'a WARN', true],
    ['?ERROR ?WARN', 'an INFO', false],
    ['"Task timed out" -"cold start"', 'Task timed out after 3 s', true],
    ['"say \\"no\\""', 'they say "no"', true],
    ['{ $.level = "error" }', JSON_LINE, true],
    ['{ $.level = error }', JSON_LINE, true],
    ['{$.level="err*"}', JSON_LINE, true],
    ['{ $.level != "info" }', JSON_LINE, true],
    ['{ $.other != "info" }', JSON_LINE, false],
    ['{ $.zone.name = "corp.*" }', JSON_LINE, true],
    ['{ $.zone.name = "corpXtest" }', JSON_LINE, false],
    ['{ $.list[0].id = "a" }', JSON_LINE, true],
    ['{ $.code >= 400 }', JSON_LINE, true],
    ['{ $.code < 404 }', JSON_LINE, false],
    ['{ $.code = "404" }', JSON_LINE, false],
    ['{ $.code = 404 && $.level = "info" }', JSON_LINE, false],
    ['{ $.code = 404 || $.level = "info" }', JSON_LINE, true],
    ['{ $.level = "error" }', 'level error', false],
    ['{ $.toString = "*" }', JSON_LINE, false],
  ])('%s on %s: %s', (pattern, message, expected) => {
    expect(readFilter(pattern)(message)).toBe(expected);
  });

  it.each([
    ['time-out', 'InvalidParameterException'],
    ['"open', 'InvalidParameterException'],
    ['{ $.a = 1', 'InvalidParameterException'],
    ['{ $.a > "x" }', 'InvalidParameterException'],
    ['?a b', 'NotEmbedded'],
    ['%[0-9]%', 'NotEmbedded'],
    ['[ip, user]', 'NotEmbedded'],
    ['{ $.a IS NULL }', 'NotEmbedded'],
    ['{ ($.a = 1) && $.b = 2 }', 'NotEmbedded'],
    ['{ $.a = 1 && $.b = 2 || $.c = 3 }', 'NotEmbedded'],
    ['{ $.* = 1 }', 'NotEmbedded'],
  ])('refuse %s', (pattern, name) => {
    expect(() => readFilter(pattern)).toThrow(expect.objectContaining({ name }));
  });
});
