import { describe, expect, it } from 'vitest';
import { appliedOf, causeOf, causeOfMetadata } from './applied.ts';

const managed = ['Name', 'Comment'];

describe('trueup:applied', () => {
  it.each([
    { last: 'a', before: 'a', after: 'b', cause: 'git' },
    { last: 'a', before: 'b', after: 'a', cause: 'drift' },
    { last: 'a', before: 'b', after: 'c', cause: 'both' },
  ])('applied $last, found $before, wanted $after: $cause', ({ last, before, after, cause }) => {
    const applied = appliedOf(managed, { Name: 'n', Comment: last });

    expect(causeOf(managed, applied, 'Comment', before, after)).toBe(cause);
  });

  it.each([
    { reason: 'no stamp', applied: undefined, name: 'Comment' },
    { reason: 'a stamp of another length', applied: 'abc', name: 'Comment' },
    { reason: 'a property that is not stamped', applied: appliedOf(managed, {}), name: 'Tags' },
  ])('$reason: unknown', ({ applied, name }) => {
    expect(causeOf(managed, applied, name, 'a', 'b')).toBe('unknown');
  });

  it.each([
    { last: { protect: true }, before: { protect: false }, after: { protect: true }, cause: 'drift' },
    { last: { protect: false }, before: { protect: true }, after: { protect: false }, cause: 'drift' },
    { last: { protect: false }, before: { protect: false }, after: { protect: true }, cause: 'git' },
    { last: { protect: true }, before: { protect: true }, after: { protect: false }, cause: 'git' },
    {
      last: { protect: true, onRemove: 'delete' },
      before: { protect: true },
      after: { protect: false },
      cause: 'both',
    },
    { last: undefined, before: { protect: false }, after: { protect: true }, cause: 'unknown' },
  ] as const)('metadata applied $last, found $before, wanted $after: $cause', ({ last, before, after, cause }) => {
    const applied = last && appliedOf(managed, { Name: 'n' }, last);

    expect(causeOfMetadata(applied, before, after)).toBe(cause);
    expect(causeOf(managed, applied, 'Name', 'hacked', 'n')).toBe(last ? 'drift' : 'unknown');
  });

  it('fits a tag value for 40 properties', () => {
    const names = Array.from({ length: 40 }, (_, index) => `P${index}`);

    expect(appliedOf(names, {})).toHaveLength(240);
    expect(appliedOf(names, {}, { protect: true, onRemove: 'delete' }).length).toBeLessThanOrEqual(256);
  });
});
