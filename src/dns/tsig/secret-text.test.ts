import { describe, expect, it } from 'vitest';
import { parseSecret } from './secret-text.ts';

describe('the text of a secret', () => {
  it.each(['YWJjZA==', 'YWJjZA', ' YWJj\nZA==\n'])('%j is abcd', (text) => {
    expect(parseSecret(text).toString()).toBe('abcd');
  });

  it('is empty where there is none', () => {
    expect(parseSecret('\n')).toHaveLength(0);
  });

  it.each(['canary-secret!', 'YWJjZ', '{"secret":"YWJjZA=="}', 'YW=jZA', 'YWJj_A=='])(
    'T85 %j is refused and not repeated',
    (text) => {
      expect(() => parseSecret(text)).toThrow(
        expect.objectContaining({ code: 'bad-secret', message: expect.not.stringContaining(text) as string }),
      );
    },
  );
});
