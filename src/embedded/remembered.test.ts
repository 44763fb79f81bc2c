import { expect, it } from 'vitest';
import { remembered } from './remembered.ts';

it('makes what it knows only once, and what made room again', () => {
  const made: string[] = [];
  const upper = remembered(2, (text) => {
    made.push(text);
    return text.toUpperCase();
  });
  expect(['a', 'b', 'a', 'c', 'b', 'a'].map(upper)).toStrictEqual(['A', 'B', 'A', 'C', 'B', 'A']);
  expect(made).toStrictEqual(['a', 'b', 'c', 'a']);
});

it('does not remember what it throws', () => {
  let tries = 0;
  const never = remembered(2, () => {
    tries += 1;
    throw new Error('no');
  });
  expect(() => never('a')).toThrow('no');
  expect(() => never('a')).toThrow('no');
  expect(tries).toBe(2);
});
