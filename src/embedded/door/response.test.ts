import { describe, expect, it } from 'vitest';
import { FAILED } from './request.ts';
import { interpret } from './response.ts';

const TEXT = 'text/plain;charset=UTF-8';

describe('what a function answers', () => {
  it.each<[string, unknown, number, string, string]>([
    ['an object without a status', { a: 1 }, 200, 'application/json', '{"a":1}'],
    ['a text', 'hello', 200, 'application/json', 'hello'],
    ['a list', [1], 200, 'application/json', '[1]'],
    ['nothing', null, 200, 'application/json', 'null'],
    ['a status alone', { statusCode: 418 }, 418, TEXT, ''],
    ['a status as text', { statusCode: '201', body: 'x' }, 201, TEXT, 'x'],
    ['no body', { statusCode: 200, body: null }, 200, TEXT, ''],
    ['base64', { statusCode: 200, isBase64Encoded: true, body: 'aGk=' }, 200, TEXT, 'hi'],
    ['a type', { statusCode: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>' }, 200, 'text/html', '<p>'],
  ])('is interpreted: %s', (_case, value, status, type, body) => {
    const answer = interpret(JSON.stringify(value));
    expect([answer.status, answer.headers, Buffer.from(answer.body).toString()]).toEqual([
      status,
      [['content-type', type]],
      body,
    ]);
  });

  it('has headers of its own, and those of the connection are left out', () => {
    const headers = { 'X-Count': 3, 'X-On': true, Connection: 'upgrade', 'Content-Length': '1', 'Content-Type': 'a/b' };
    expect(interpret(JSON.stringify({ statusCode: 200, headers, cookies: ['a=1', 'b=2'] })).headers).toEqual([
      ['x-count', '3'],
      ['x-on', 'true'],
      ['content-type', 'a/b'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
  });

  it.each([
    ['a status below 200', { statusCode: 99 }],
    ['a status above 599', { statusCode: 600 }],
    ['half a status', { statusCode: 200.5 }],
    ['a status in words', { statusCode: 'ok' }],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
    ['headers in a list', { statusCode: 200, headers: ['a'] }],
    ['a header that is a list', { statusCode: 200, headers: { a: ['b'] } }],
    ['a header with a line break', { statusCode: 200, headers: { a: 'b\r\nc: d' } }],
    ['a name of a header with a blank', { statusCode: 200, headers: { 'a b': 'c' } }],
    ['a cookie with a line break', { statusCode: 200, cookies: ['a=1\nb'] }],
    ['cookies as a text', { statusCode: 200, cookies: 'a=1' }],
  ])('is a failure where it is malformed: %s', (_case, value) => {
    expect(interpret(JSON.stringify(value))).toBe(FAILED);
  });

  it('is a failure where it is no JSON', () => {
    expect(interpret('{')).toBe(FAILED);
  });
});
