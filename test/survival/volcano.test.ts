import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderVolcano } from '../../src/report/volcano.ts';
import type { SurvivalStatus } from '../../src/survival/types.ts';
import { golden } from '../support/golden.ts';
import { isSignificant } from '../../src/survival/run-result.ts';
import { columnsOf, studyRows, uniform } from '../support/volcano-points.ts';
import type { Row } from '../support/volcano-points.ts';

/** What a drawing of 20,000 rows may take. */
const MOST_OCTETS = 500_000;

const STATUSES = [
  'ok',
  'few_events',
  'constant',
  'no_events',
  'diverged',
  'not_converged',
  'invalid',
] as const satisfies readonly SurvivalStatus[];

const SMALL: readonly Row[] = [
  { coef: Math.LN2, log10P: -5, q: 0.0001, name: 'MKI67' },
  { coef: -Math.LN2, log10P: -3, q: 0.01, name: 'ESR1' },
  { coef: 0.1, log10P: -0.4, q: 0.5, name: 'ACTB' },
  { coef: -0.2, log10P: -0.8, q: 0.3, name: '<script>alert("1")</script>' },
  { coef: 0.9, log10P: -9, status: 'few_events', name: 'RARE' },
  { coef: 21, status: 'diverged', name: 'SPLIT' },
  { status: 'constant', name: 'FLAT' },
];

describe('volcano plot', () => {
  it('draws a small table of results as reviewed', () => {
    const svg = renderVolcano(columnsOf(SMALL), { title: 'Seven genes' });

    expect(svg).toBe(golden('report/volcano.svg', svg));
  });

  it('is the same, byte for byte, for the same rows', () => {
    const rows = studyRows(2_000, 4);

    expect(renderVolcano(columnsOf(rows))).toBe(renderVolcano(columnsOf(rows)));
  });

  it.each([
    { reason: 'a study', row: (index: number): Row => studyRows(20_000, 1)[index] ?? {} },
    { reason: 'hits all over the frame', row: spread({ q: 0.001 }) },
    { reason: 'rows without an effect all over the frame', row: spread({ q: 0.9 }) },
    { reason: 'few events in every row', row: spread({ status: 'few_events' }) },
  ])('stays below $reason: 500 kB for 20,000 rows', ({ reason, row }) => {
    const rows = reason === 'a study' ? studyRows(20_000, 1) : Array.from({ length: 20_000 }, (_, index) => row(index));

    const svg = renderVolcano(columnsOf(rows));

    expect(Buffer.byteLength(svg)).toBeLessThan(MOST_OCTETS);
    expect((svg.match(/<(?:path|circle|rect|use)/gu) ?? []).length).toBeLessThan(60);
  });

  it('stays a file that can be opened with very many rows all over the frame', () => {
    const row = spread({ q: 0.001 });

    const svg = renderVolcano(columnsOf(Array.from({ length: 300_000 }, () => row(0))));

    expect(Buffer.byteLength(svg)).toBeLessThan(6 * MOST_OCTETS);
  });

  it('does not grow with rows that fall on one another', () => {
    const one = renderVolcano(columnsOf(Array.from({ length: 100 }, () => ({ coef: 0.5, log10P: -1, q: 0.5 }))));
    const many = renderVolcano(columnsOf(Array.from({ length: 50_000 }, () => ({ coef: 0.5, log10P: -1, q: 0.5 }))));

    expect(many.length - one.length).toBeLessThan(200);
  });

  it('counts what it does not draw, and why', () => {
    const svg = renderVolcano(
      columnsOf([
        { coef: 0.3, log10P: -2, q: 0.04 },
        { status: 'diverged', coef: 20 },
        { status: 'diverged', coef: 20 },
        { status: 'not_converged', coef: 20 },
        { status: 'constant' },
        { status: 'no_events' },
        { status: 'invalid' },
        { coef: 0 },
      ]),
    );

    expect(svg).toContain(
      '8 rows, 1 drawn. Not drawn: 2 diverged, 1 not converged, 1 constant, 1 without events, 1 invalid, 1 without a p.',
    );
  });

  it('draws the line at the largest p with q of at most 0.05', () => {
    const rows = [-6, -4, -2.5, -2, -1].map((log10P, index) => ({
      coef: 0.3,
      log10P,
      q: [1e-5, 1e-3, 0.05, 0.0501, 0.4][index] ?? 1,
    }));

    const svg = renderVolcano(columnsOf(rows));

    expect(svg).toContain('q ≤ 0.05 (Benjamini and Hochberg): 3 rows, p up to 0.0032, at the dashed line.');
    expect(svg.match(/class="threshold"/gu)).toHaveLength(1);
  });

  it('draws no line where nothing is significant', () => {
    const svg = renderVolcano(columnsOf([{ coef: 0.3, log10P: -2, q: 0.0501 }]));

    expect(svg).toContain('No row has q ≤ 0.05');
    expect(svg).not.toContain('class="threshold"');
  });

  it('never counts a row with few events as a hit, and never names it', () => {
    const svg = renderVolcano(columnsOf([{ coef: 3, log10P: -15, status: 'few_events', name: 'RARE' }]));

    expect(svg).toContain('No row has q ≤ 0.05');
    expect(svg).not.toContain('RARE');
  });

  it('names the hits with the smallest p, and no other row is asked for its name', () => {
    const asked: number[] = [];
    const columns = columnsOf(studyRows(500, 8));
    const svg = renderVolcano(
      {
        ...columns,
        label(index) {
          asked.push(index);
          return columns.label(index);
        },
      },
      { labels: 7 },
    );
    const smallest = Array.from({ length: 500 }, (_, index) => index)
      .filter((index) => columns.status(index) === 'ok' && isSignificant(columns.q[index] ?? NaN))
      .sort((one, other) => (columns.log10P[one] ?? 0) - (columns.log10P[other] ?? 0))
      .slice(0, 7);

    expect(asked).toEqual(smallest);
    expect(svg.match(/class="name"/gu)).toHaveLength(7);
  });

  it.each([
    { reason: 'three hits', hits: 3, labels: undefined, named: ['H2', 'H1', 'H0'], says: 'Named: all of these.' },
    { reason: 'two of three hits', hits: 3, labels: 2, named: ['H2', 'H1'], says: 'Named: the 2 smallest p of these.' },
    {
      reason: 'no hit',
      hits: 0,
      labels: undefined,
      named: ['P9', 'P8', 'P7', 'P6', 'P5'],
      says: 'Named: the 5 smallest p of status ok.',
    },
    {
      reason: 'no hit, and two names',
      hits: 0,
      labels: 2,
      named: ['P9', 'P8'],
      says: 'the 2 smallest p of status ok.',
    },
  ])('of $reason and ten others it names $named', ({ hits, labels, named, says }) => {
    const rows = [
      ...Array.from({ length: 10 }, (_, index) => ({ coef: 0.2, log10P: -index / 10, q: 0.06, name: `P${index}` })),
      ...Array.from({ length: hits }, (_, index) => ({ coef: 1, log10P: -4 - index, q: 0.05, name: `H${index}` })),
    ];
    const svg = renderVolcano(columnsOf(rows), labels === undefined ? {} : { labels });

    const [, description = ''] = /<desc[^>]*>(.*)<\/desc>/u.exec(svg) ?? [];
    expect([...description.matchAll(/([HP]\d): hazard ratio/gu)].map(([, name]) => name)).toEqual(named);
    expect(svg.match(/class="name"/gu)).toHaveLength(named.length);
    expect(svg).toContain(says);
  });

  it.each([
    { smallest: -30, isBroken: false },
    { smallest: -60, isBroken: true },
  ])('where most p are above 1e-3 and the smallest is 1e$smallest, the axis has a break: $isBroken', (example) => {
    const rows = Array.from({ length: 400 }, (_, index) => ({ coef: 0.1, log10P: -(index % 20) / 10, q: 0.5 }));
    const svg = renderVolcano(columnsOf([...rows, { coef: 1, log10P: example.smallest, q: 0.001 }]));

    expect(svg.includes('with p below')).toBe(example.isBroken);
  });

  it('names nobody when told so', () => {
    const svg = renderVolcano(columnsOf(SMALL), { labels: 0 });

    expect(svg).not.toContain('MKI67');
  });

  it('says of points beyond the axes how many there are, and of named ones where they are', () => {
    const rows = [
      ...Array.from({ length: 200 }, (_, index) => ({ coef: (index - 100) / 500, log10P: -1, q: 0.5 })),
      { coef: 0.1, log10P: -1234.5, q: 0, name: 'TINY' },
      { coef: 30, log10P: -12, q: 0.001, name: 'HUGE' },
    ];

    const svg = renderVolcano(columnsOf(rows));

    expect(svg).toMatch(
      /1 row with a hazard ratio above [\d.]+ or below 1&#47;|1 row with a hazard ratio above [\d.]+ or below 1\//u,
    );
    expect(svg).toContain('1 row with p below 1e-12.');
    expect(svg).toContain('TINY (p 3.2e-1235)');
    expect(svg).toContain('HUGE (HR 1.1e13)');
  });

  it.each([
    { reason: 'markup', name: '<script>alert(1)</script>', never: /<script/u },
    { reason: 'quotes', name: `"' onload="alert(1)`, never: /onload="/u },
    { reason: 'an entity', name: '&nbsp;&x;', never: /&(?:nbsp|x);/u },
    { reason: 'the end of a section', name: ']]>', never: /\]\]>/u },
    {
      reason: 'control characters',
      name: 'a\u0000\u001b[31m\u009b\n',
      never: /(?!\n)\p{Cc}/u,
    },
    { reason: 'bidi overrides', name: 'a\u202eb\u2066', never: /[\u202a-\u202e\u2066-\u2069]/u },
    { reason: 'a lone surrogate', name: 'a\ud800', never: /\p{Cs}/u },
    { reason: 'no character of XML', name: 'a\uffffb\ufffe', never: /[\ufffe\uffff]/u },
    { reason: 'a thousand letters', name: 'X'.repeat(1_000), never: /X{60}/u },
    { reason: 'many marks', name: `e${'\u0301'.repeat(500)}`, never: /\u0301{5}/u },
  ])('makes a name of $reason harmless', ({ name, never }) => {
    const svg = renderVolcano(columnsOf([{ coef: 1, log10P: -3, q: 0.01, name }]), { title: name });

    expect(svg).not.toMatch(never);
    expect(svg.match(/class="name"/gu)).toHaveLength(1);
  });

  it('has a drawing for every input', () => {
    const number = fc.oneof(
      fc.double(),
      fc.double({ min: -5, max: 5 }),
      fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 1e-300, 700),
    );
    const row = fc.record({
      coef: number,
      log10P: fc.oneof(number, fc.double({ min: -300, max: 0 })),
      q: fc.oneof(number, fc.double({ min: 0, max: 1 })),
      status: fc.oneof(fc.constant('ok' as const), fc.constantFrom(...STATUSES)),
      name: fc.string({ unit: 'binary' }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), fc.nat({ max: 20 }), (rows, labels) => {
        const svg = renderVolcano(columnsOf(rows), { labels });

        for (const [, value] of svg.matchAll(/ (?:[xyd]|height|textLength|transform)="([^"]*)"/gu)) {
          expect(value).not.toMatch(/NaN|Infinity|undefined/u);
        }
        expect(svg.length).toBeLessThan(100_000);
      }),
      { numRuns: 300 },
    );
  });
});

/** Rows whose marks hardly fall on one another. */
function spread(fields: Row): (index: number) => Row {
  const draw = uniform(99);
  return () => ({ coef: (draw() - 0.5) * 4, log10P: -draw() * 20, ...fields });
}
