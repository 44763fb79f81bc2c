import { describe, expect, it } from 'vitest';
import { withYamlValue } from './set-yaml.ts';

const [MEMORY, TIMEOUT] = ['/spec/function/memory', '/spec/function/timeout'];

describe('a value is written into a document', () => {
  it.each([
    [
      'plain',
      'spec:\n  every: rate(15 minutes)   # often\n',
      '/spec/every',
      'rate(5 minutes)',
      'spec:\n  every: rate(5 minutes)   # often\n',
    ],
    ['in single quotes', "spec: { x: 'it''s' } # c\n", '/spec/x', "let's", "spec: { x: 'let''s' } # c\n"],
    ['in double quotes', 'spec: { x: "a" }\n', '/spec/x', 'b c', 'spec: { x: "b c" }\n'],
    [
      'a number',
      'spec:\r\n  function:\r\n    # MB\r\n    memory:  256 # big\r\n',
      MEMORY,
      512,
      'spec:\r\n  function:\r\n    # MB\r\n    memory:  512 # big\r\n',
    ],
    ['text that would be something else', 'spec: { x: a }\n', '/spec/x', 'true', "spec: { x: 'true' }\n"],
    ['text that would be a number', 'spec: { x: a }\n', '/spec/x', '012', "spec: { x: '012' }\n"],
    ['text with a colon', 'spec: { x: a }\n', '/spec/x', 'a: b', "spec: { x: 'a: b' }\n"],
    ['text with a line end', 'spec: { x: a }\n', '/spec/x', 'a\nb', 'spec: { x: "a\\nb" }\n'],
    ['beside an anchor', 'spec: { x: &a 1, y: 2 }\n', '/spec/x', 3, 'spec: { x: &a 3, y: 2 }\n'],
    ['in place of a reference', 'spec: { x: &a 1, y: *a }\n', '/spec/y', 2, 'spec: { x: &a 1, y: 2 }\n'],
    [
      'of a list',
      'spec:\n  list:\n    - a # one\n    - b\n',
      '/spec/list/1',
      'c',
      'spec:\n  list:\n    - a # one\n    - c\n',
    ],
  ])('%s', (_, text, pointer, value, edited) => {
    expect(withYamlValue(text, 1, pointer, value)).toBe(edited);
  });

  it.each([
    [
      'a block',
      'spec:\n  function:\n    memory: 256 # MB\n  x: 1\n',
      'spec:\n  function:\n    memory: 256 # MB\n    timeout: 10m\n  x: 1\n',
    ],
    ['a flow', 'spec:\n  function: { memory: 256 } # c\n', 'spec:\n  function: { memory: 256, timeout: 10m } # c\n'],
    ['an empty flow', 'spec:\n  function: {} # c\n', 'spec:\n  function: { timeout: 10m } # c\n'],
    ['JSON', '{ "spec": { "x": 1 } }\n', `{ "spec": { "x": 1, "function": { "timeout": 10m } } }\n`],
    [
      'nothing',
      'spec:\n  x: 1 # last\n  # network:\n',
      'spec:\n  x: 1 # last\n  function:\n    timeout: 10m\n  # network:\n',
    ],
    [
      'nothing, behind a list',
      'spec:\n  x:\n    - a: 1\n      b: 2\n---\nspec: {}\n',
      'spec:\n  x:\n    - a: 1\n      b: 2\n  function:\n    timeout: 10m\n---\nspec: {}\n',
    ],
    ['nothing, at the end of a file', 'spec:\r\n  x: 1', 'spec:\r\n  x: 1\r\n  function:\r\n    timeout: 10m'],
    [
      'nothing, behind text in lines',
      'spec:\n  x: |\n    a\n    b\ny: 1\n',
      'spec:\n  x: |\n    a\n    b\n  function:\n    timeout: 10m\ny: 1\n',
    ],
  ])('where %s was', (_, text, edited) => {
    expect(withYamlValue(text, 1, TIMEOUT, '10m')).toBe(edited);
  });

  it.each([
    [
      'a block',
      'spec:\n  list:\n    - a\n    - b # two\n  x: 1\n',
      'spec:\n  list:\n    - a\n    - b # two\n    - { id: c }\n  x: 1\n',
    ],
    ['a flow', 'spec:\n  list: [a, b] # c\n', 'spec:\n  list: [a, b, { id: c }] # c\n'],
  ])('behind the items of %s', (_, text, edited) => {
    expect(withYamlValue(text, 1, '/spec/list/2', { id: 'c' })).toBe(edited);
  });

  it('in the one that begins in the line, of several', () => {
    const one = (memory: number) => `# c\nspec: { function: { memory: ${memory} } }\n`;
    expect(withYamlValue(`${one(1)}---\n${one(1)}`, 5, MEMORY, 2)).toBe(`${one(1)}---\n${one(2)}`);
  });
});

describe('a value is taken away', () => {
  it.each([
    ['a field of a block', 'spec:\n  a: 1\n  b:\n    c: 2\n  d: 3\n', '/spec/b', 'spec:\n  a: 1\n  d: 3\n'],
    ['the first field of a flow', 'spec: { a: 1, b: 2 }\n', '/spec/a', 'spec: { b: 2 }\n'],
    ['the last field of a flow', 'spec: { a: 1, b: 2 }\n', '/spec/b', 'spec: { a: 1 }\n'],
    ['an item of a block', 'spec:\n  - a: 1\n    b: 2\n  # next\n  - c\n', '/spec/0', 'spec:\n  # next\n  - c\n'],
    ['an item of a flow', 'spec: [a, b, c]\n', '/spec/1', 'spec: [a, c]\n'],
    ['the last line of a file', 'spec:\n  a: 1\n  b: 2', '/spec/b', 'spec:\n  a: 1\n'],
  ])('%s', (_, text, pointer, edited) => {
    expect(withYamlValue(text, 1, pointer, undefined)).toBe(edited);
  });
});

describe('nothing is written', () => {
  it.each([
    ['through a reference', 'x: &f { memory: 1 }\nspec: { function: *f }\n', MEMORY, 2],
    ['into what others refer to', 'spec: { x: &a 1, y: *a }\n', '/spec/x', 2],
    ['over text in lines', 'spec:\n  x: |\n    a\n', '/spec/x', 'b'],
    ['with a comment that would go', 'spec:\n  a: 1\n  b: 2 # why\n', '/spec/b', undefined],
    ['with a comment of a flow that would go', 'spec: [\n  a, # why\n  b,\n]\n', '/spec/1', undefined],
    ['that is all of a list', 'spec: [a]\n', '/spec/0', undefined],
    ['beside explicit keys', 'spec:\n  ? x\n  : 1\n', MEMORY, 2],
    ['under plain text', 'spec: { function: none }\n', MEMORY, 2],
    ['into no YAML', 'spec: {\n', MEMORY, 2],
  ])('%s', (_, text, pointer, value) => {
    expect(withYamlValue(text, 1, pointer, value)).toBeUndefined();
  });

  it('where no document begins in the line', () => {
    expect(withYamlValue('spec: { x: 1 }\n', 2, '/spec/x', 2)).toBeUndefined();
  });
});
