import { describe, expect, it } from 'vitest';
import { didYouMean, suggest } from './suggest.ts';

describe('suggest', () => {
  it.each([
    ['prd', ['prod', 'partner'], 'prod'],
    ['pord', ['prod', 'partner'], 'prod'],
    ['ignoreTTL', ['ignoreTtl', 'exclude'], 'ignoreTtl'],
    ['hostedzones', ['hostedZone'], 'hostedZone'],
    ['31d', ['1d', '3d', '30d'], '30d'],
    ['ZoneMiror', ['Settings', 'ZoneMirror'], 'ZoneMirror'],
    ['colour', ['comment', 'schedule'], undefined],
    ['x', ['schedule'], undefined],
    ['', ['a', 'ab'], 'a'],
    ['a'.repeat(65), ['a'.repeat(65)], undefined],
  ])('%s among %j: %s', (word, candidates, wanted) => {
    expect(suggest(word, candidates)).toBe(wanted);
  });

  it('asks', () => {
    expect(didYouMean('prd', ['prod'])).toBe('did you mean prod?');
    expect(didYouMean('x', ['prod'])).toBeUndefined();
  });
});
