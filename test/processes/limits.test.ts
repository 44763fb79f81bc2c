import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSchemaSet } from '../../src/engine/config/schema-set.ts';
import { COMMON, SCHEMAS, mirror, settings } from '../config/tree.ts';
import { parse } from 'yaml';
import { ROOT } from '../support/cli-process.ts';
import { hostileTexts, regexLiterals } from '../support/regex-literals.ts';

/** Ten times the promise of threats T141, as for all bounds of time. */
const REGEX_MS = 100;
const REGEX_CHARACTERS = 64 * 1024;

/** Milliseconds that looking through a text takes: as often as the flags allow. */
function cost(regex: RegExp, text: string): number {
  const start = performance.now();
  const fresh = new RegExp(regex);
  if (fresh.global) text.replace(fresh, '');
  else fresh.test(text);
  return performance.now() - start;
}

describe('T141 our own regular expressions', () => {
  const literals = regexLiterals(join(ROOT, 'src'));

  it('T141 are all found', () => {
    expect(literals.length).toBeGreaterThan(200);
    expect(literals.map(({ regex }) => regex.source)).toContain('^embedded(?::(.+))?$');
  });

  it('T141 are linear on 64 KB of whatever makes them try again', () => {
    const slow = literals.flatMap(({ file, regex }) => {
      for (const text of hostileTexts(regex, REGEX_CHARACTERS)) {
        const milliseconds = Math.min(cost(regex, text), REGEX_MS + 1) > REGEX_MS ? cost(regex, text) : 0;
        if (milliseconds > REGEX_MS)
          return [`${file} ${regex} ${JSON.stringify(text.slice(0, 20))} ${milliseconds} ms`];
      }
      return [];
    });

    expect(slow).toEqual([]);
  }, 120_000);

  it('T141 the texts find what is not linear', () => {
    const bad = [/-+$/, /^(a+)+$/, /(?:"(?:[^"\\]|\\.)*"|[^\s"])+/g, /^([^,]+?)\s*,/];
    // Shorter: what is exponential would never end.
    const found = bad.filter((regex) => {
      const length = regex.source.includes('+)+') ? 26 : REGEX_CHARACTERS / 4;
      return [...hostileTexts(regex, length)].some((text) => cost(regex, text) > REGEX_MS);
    });

    expect(found).toEqual(bad);
  }, 60_000);
});

describe('T141 lists whose items must differ', () => {
  const ITEMS = 20_000;
  const set = createSchemaSet(SCHEMAS, COMMON);

  it.each([
    ['Settings', settings(), ['spec', 'formerly']],
    ['ZoneMirror', mirror(), ['metadata', 'formerly']],
    ['ZoneMirror', mirror(), ['spec', 'primaries']],
    ['ZoneMirror', mirror('  network: { subnets: [], securityGroups: [] }'), ['spec', 'network', 'subnets']],
    ['ZoneMirror', mirror('  network: { subnets: [], securityGroups: [] }'), ['spec', 'network', 'securityGroups']],
    ['ZoneMirror', mirror('  exclude: [{ name: a, types: [] }]'), ['spec', 'exclude', '0', 'types']],
    ['Settings', settings('  github: { driftLabels: [] }'), ['spec', 'github', 'driftLabels']],
  ])('T141 %s %#: 20,000 texts or objects are compared in linear time', (kind, text, path) => {
    for (const item of [(index: number) => `x${index}`, (index: number) => ({ index })]) {
      const document: unknown = parse(text);
      const holder = path
        .slice(0, -1)
        .reduce((node, key) => (node as Record<string, object>)[key]!, document as object);
      (holder as Record<string, unknown>)[path.at(-1)!] = Array.from({ length: ITEMS }, (_, index) => item(index));
      set.validate(kind, parse(text));
      const start = performance.now();
      const errors = set.validate(kind, document);

      expect(errors.length).toBeGreaterThan(0);
      expect(performance.now() - start).toBeLessThan(1500);
    }
  });
});
