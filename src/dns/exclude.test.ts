import { expect, it } from 'vitest';
import { below, ORIGIN, wireName } from '../../test/support/zones.ts';
import { compileExclude } from './exclude.ts';
import { RR } from './rr-types.ts';

function nameOf(...labels: readonly string[]): string {
  return labels.reduceRight((name, label) => below(label, name), ORIGIN);
}

it.each([
  { glob: '@', labels: [], excluded: true },
  { glob: '@', labels: ['@'], excluded: false },
  { glob: '\\@', labels: ['@'], excluded: true },
  { glob: 'www', labels: ['www'], excluded: true },
  { glob: 'WWW', labels: ['www'], excluded: true },
  { glob: 'www', labels: ['a', 'www'], excluded: false },
  { glob: '*._msdcs', labels: ['_ldap', '_tcp', 'dc', '_msdcs'], excluded: true },
  { glob: '*._msdcs', labels: ['_msdcs'], excluded: false },
  { glob: '*._msdcs', labels: ['x_msdcs'], excluded: false },
  { glob: '*', labels: [], excluded: true },
  { glob: '*', labels: ['a', 'b'], excluded: true },
  { glob: '\\*', labels: ['*'], excluded: true },
  { glob: '\\*', labels: ['a'], excluded: false },
  { glob: '\\*.dev', labels: ['*', 'dev'], excluded: true },
  { glob: 'a.b', labels: ['a', 'b'], excluded: true },
  { glob: 'a.b', labels: ['a.b'], excluded: false },
  { glob: 'a\\.b', labels: ['a.b'], excluded: true },
  { glob: 'f\\252', labels: ['f\xfc'], excluded: true },
  { glob: 'a*b*c', labels: ['axbxbxc'], excluded: true },
  { glob: 'a*b*c', labels: ['acb'], excluded: false },
  { glob: 'ab*ba', labels: ['aba'], excluded: false },
  { glob: 'build-*.lab', labels: ['build-7', 'lab'], excluded: true },
  { glob: '**', labels: ['a'], excluded: true },
  { glob: '', labels: [], excluded: false },
])('$glob and $labels: $excluded', ({ glob, labels, excluded }) => {
  expect(compileExclude([{ name: glob }], ORIGIN)(nameOf(...labels), RR.A)).toBe(excluded);
});

it('leaves other types of an excluded name alone', () => {
  const isExcluded = compileExclude([{ name: 'www', types: ['srv', 'TYPE99'] }], ORIGIN);
  expect([RR.SRV, RR.SPF, RR.A].map((type) => isExcluded(nameOf('www'), type))).toEqual([true, true, false]);
});

it('excludes nothing without rules, and what any of several rules names', () => {
  expect(compileExclude([], ORIGIN)(nameOf('a'), RR.A)).toBe(false);
  const isExcluded = compileExclude([{ name: 'a' }, { name: 'b', types: ['A'] }], ORIGIN);
  expect(['a', 'b', 'c'].map((label) => isExcluded(nameOf(label), RR.A))).toEqual([true, true, false]);
});

it('takes no longer for many stars: every literal is looked for once', () => {
  const isExcluded = compileExclude([{ name: `${'*a'.repeat(60)}*c*` }], ORIGIN);
  expect(isExcluded(wireName('a'.repeat(63), 'a'.repeat(63), 'z', 'test'), RR.A)).toBe(false);
});

it.each([
  [{ name: 'a\\' }, 'bad-escape'],
  [{ name: '\\999' }, 'bad-escape'],
  [{ name: 'a', types: ['NOPE'] }, 'unknown-type'],
])('refuses %o', (rule, code) => {
  expect(() => compileExclude([rule], ORIGIN)).toThrow(expect.objectContaining({ code }));
});
