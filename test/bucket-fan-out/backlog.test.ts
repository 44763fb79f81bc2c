import { describe, expect, it } from 'vitest';
import { backlogOf } from '../../src/reconcilers/bucket-fan-out/backlog.ts';
import type { Listing } from '../../src/resources/bucket-view.ts';

const GIB = 1024 ** 3;
const SOURCE = { account: '111122223333', region: 'eu-west-1', bucket: 'acme-invoices' };
const RULES = { source: SOURCE, filter: {}, key: {}, destination: { ...SOURCE, bucket: 'acme-copies', prefix: '' } };

function listing(sizes: Readonly<Record<string, number>>, isAll = true): Listing {
  const objects = Object.entries(sizes).map(([key, size]) => ({ key, size, etag: `${key}-${size}` }));
  return { state: 'listed', objects, isAll };
}

function figures(of: ReturnType<typeof backlogOf>) {
  return { ...of, objects: of.objects.map(({ key }) => key) };
}

describe('what a new destination lacks', () => {
  it('is what is not there, or of another size, with the requests of its copies', () => {
    const source = listing({ 'a.pdf': 1, 'b.pdf': 2, 'c.pdf': 3, 'huge.pdf': 6 * GIB });
    const backlog = backlogOf(RULES, source, listing({ 'b.pdf': 2, 'c.pdf': 4 }));
    expect(figures(backlog)).toEqual({
      objects: ['a.pdf', 'c.pdf', 'huge.pdf'],
      collisions: [],
      bytes: 4 + 6 * GIB,
      crossRegionBytes: 0,
      // Twelve parts of 512 MiB (what each copy asks: test/fan-out/estimate.test.ts).
      requests: 2 + 2 + 6 + 12,
      looked: 4,
      isAll: true,
    });
  });

  it('is what the filter takes, under the keys that the rewrite makes', () => {
    const rules = {
      ...RULES,
      filter: { suffix: '.pdf', maxSize: 10 },
      key: { strip: 'in/' },
      destination: { ...RULES.destination, region: 'us-east-1', prefix: 'x/' },
    };
    const source = listing({ 'in/a.pdf': 1, 'in/b.pdf': 2, 'in/c.txt': 3, 'in/d.pdf': 11 });
    expect(figures(backlogOf(rules, source, listing({ 'x/a.pdf': 1 })))).toMatchObject({
      objects: ['in/b.pdf'],
      bytes: 2,
      crossRegionBytes: 2,
    });
  });

  it('is not all where a listing was cut, and all of it where the destination cannot be listed', () => {
    expect(backlogOf(RULES, listing({ a: 1 }, false), listing({})).isAll).toBe(false);
    expect(backlogOf(RULES, listing({ a: 1 }), listing({}, false)).isAll).toBe(false);
    expect(figures(backlogOf(RULES, listing({ a: 1 }), undefined))).toMatchObject({ objects: ['a'], isAll: true });
  });
});
