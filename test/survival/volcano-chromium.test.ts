import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderVolcano } from '../../src/report/volcano.ts';
import { look, openChromium, pixelsOf, showSvg } from '../support/chromium.ts';
import type { Found, Pixel, Rectangle } from '../support/chromium.ts';
import { describeWith } from '../support/counterparts.ts';
import { columnsOf, studyRows } from '../support/volcano-points.ts';
import type { Row } from '../support/volcano-points.ts';

const UP: Pixel = [213, 94, 0];
const DOWN: Pixel = [0, 114, 178];
const PLAIN: Pixel = [140, 149, 159];
const WHITE: Pixel = [255, 255, 255];

const HOSTILE = [
  '<script>alert(1)</script>',
  `"quoted" & 'single'`,
  'a\u0000\u001b[31mred',
  '\u202eevil\u2066',
  'X'.repeat(1_000),
  'W'.repeat(28),
  'BRCA\u0405',
  '漢字遺伝子名',
  '\ufdfd\ufdfd\ufdfd',
  '🧬🧬',
  `e${'\u0301'.repeat(9)}`,
  '\ud800lone',
  'مرحبا',
  '{{constructor}}',
];

/** Rows of every kind of trouble, each with what its drawing must not lose. */
const CASES: readonly { readonly name: string; readonly rows: readonly Row[]; readonly labels?: number }[] = [
  { name: 'no row', rows: [] },
  { name: 'one row', rows: [{ coef: 0.7, log10P: -4, q: 0.001, name: 'TP53' }] },
  { name: '50 rows', rows: studyRows(50, 7) },
  { name: '20,000 rows', rows: studyRows(20_000, 1) },
  {
    name: 'flagged rows alone',
    rows: studyRows(200, 5).map((row, index) => ({ ...row, status: index % 2 === 0 ? 'diverged' : 'constant' })),
  },
  { name: 'rows with few events alone', rows: studyRows(300, 5).map((row) => ({ ...row, status: 'few_events' })) },
  {
    name: 'extreme values',
    rows: [
      ...studyRows(400, 9),
      { coef: 700, log10P: -320, q: 1e-300, name: 'HUGE' },
      { coef: -1e300, log10P: -1e300, q: 0, name: 'BEYOND' },
      { coef: -12, log10P: -90, q: 1e-80, name: 'SMALL' },
      { coef: 0.1, log10P: -1e5, q: 0, name: 'TINY' },
      { coef: 9, log10P: -0.3, q: 0.9, name: 'WILD' },
      { coef: 0.5, log10P: -400, status: 'few_events' },
    ],
  },
  {
    name: 'effects very near 1',
    rows: studyRows(300, 13).map((row) => ({ ...row, coef: (row.coef ?? 0) * 1e-10 })),
  },
  {
    name: 'names that are hostile',
    rows: studyRows(60, 11).map((row, index) => ({ ...row, q: 0.01, name: HOSTILE[index] ?? row.name ?? '' })),
    labels: 60,
  },
  {
    name: 'sixty names at one place',
    rows: Array.from({ length: 60 }, (_, index) => ({ coef: 0.4, log10P: -6, q: 0.001, name: `SAME_NAME_${index}` })),
    labels: 60,
  },
];

function overlap(one: Rectangle, other: Rectangle): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

function isWithin(inner: Rectangle, outer: Rectangle): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** The frame of the points, from the drawing's own source. */
const FRAME: Rectangle = { x: 66, y: 78, width: 820, height: 500 };

function middleOf({ x, width }: Rectangle): number {
  return x + width / 2;
}

/** Where a figure of the axis below stands, and one of the axis at the left. */
function tick(found: Found, text: string, axis: 'hazard' | 'p'): number {
  const ticks = found.texts.filter((candidate) => {
    const isBelow = candidate.y > FRAME.y + FRAME.height;
    return candidate.text === text && (axis === 'hazard' ? isBelow : candidate.x + candidate.width < FRAME.x);
  });
  expect(ticks, `${axis} ${text}`).toHaveLength(1);
  const [only] = ticks;
  if (only === undefined) throw new Error(`no figure ${text}`);
  return axis === 'hazard' ? middleOf(only) : only.y + only.height / 2;
}

function isNear(one: Pixel, other: Pixel): boolean {
  return one.every((part, index) => Math.abs(part - (other[index] ?? 0)) <= 12);
}

describeWith('chromium', 'volcano plot in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openChromium();
  });

  afterAll(async () => {
    await browser.close();
  });

  it.each(CASES)('$name: everything is in its place, nothing over another', async ({ rows, labels }) => {
    const svg = renderVolcano(columnsOf(rows), labels === undefined ? {} : { labels });
    const { page, requests, messages } = await showSvg(browser, svg);
    const found = await look(page);
    await page.close();

    expect(found.root).toBe('svg');
    expect(
      found.elements.filter((name) => !['svg', 'title', 'desc', 'rect', 'path', 'text', 'tspan', 'g'].includes(name)),
    ).toEqual([]);
    expect(requests).toEqual([]);
    expect(messages).toEqual([]);
    expect(found.texts.filter((text) => !isWithin(text, found.size)).map(({ text }) => text)).toEqual([]);
    const names = found.texts.filter(({ isName }) => isName);
    const others = found.texts.filter(({ isName }) => !isName);
    expect(names.filter((name) => !isWithin(name, FRAME)).map(({ text }) => text)).toEqual([]);
    for (const [index, name] of names.entries()) {
      const over = [...names.slice(index + 1), ...others].filter((other) => overlap(name, other));
      expect(over.map(({ text }) => `${name.text} | ${text}`)).toEqual([]);
    }
    for (const [index, text] of others.entries()) {
      const over = others.slice(index + 1).filter((other) => overlap(text, other));
      expect(over.map((other) => `${text.text} | ${other.text}`)).toEqual([]);
    }
    const marks = found.marks.filter(({ kind }) => /^(?:plain|few|up|down)/u.test(kind));
    expect(marks.filter((mark) => !isWithin(mark, FRAME)).map(({ kind }) => kind)).toEqual([]);
    const drawn = rows.filter(({ status }) => status === undefined || status === 'ok' || status === 'few_events');
    expect(marks.length > 0).toBe(drawn.length > 0);
    const unplaced = Number(/([\d,]+) names? found no room/u.exec(svg)?.[1] ?? 0);
    const fitted = rows.filter(({ status = 'ok', log10P = NaN }) => status === 'ok' && !Number.isNaN(log10P));
    const hits = fitted.filter(({ q = NaN }) => q <= 0.05).length;
    expect(names.length + unplaced).toBe(hits > 0 ? Math.min(hits, labels ?? 20) : Math.min(fitted.length, 5));
    expect(unplaced).toBe(0);
  });

  it('paints every class where its hazard ratio and p are, each in its colour and shape', async () => {
    const rows: readonly Row[] = [
      { coef: Math.log(2), log10P: -5, q: 0.001 },
      { coef: -Math.log(2), log10P: -3, q: 0.01 },
      { coef: Math.log(4), log10P: -1, q: 0.5 },
      { coef: -Math.log(4), log10P: -2, status: 'few_events' },
    ];
    const svg = renderVolcano(columnsOf(rows), { labels: 0 });
    const { page } = await showSvg(browser, svg);
    const found = await look(page);
    await page.close();
    // The axes' own figures say where a row belongs.
    const [half, two] = [tick(found, '0.5', 'hazard'), tick(found, '2', 'hazard')];
    const [one, four] = [tick(found, '1', 'p'), tick(found, '4', 'p')];
    const xOf = (log2: number): number => (half + two) / 2 + ((two - half) / 2) * log2;
    const yOf = (height: number): number => one + ((four - one) / 3) * (height - 1);
    const spots = [
      [xOf(1), yOf(5)],
      [xOf(-1), yOf(3)],
      [xOf(2), yOf(1)],
      [xOf(-2), yOf(2)],
      // Beside the tip of a triangle there is paper, beside its foot there is none.
      [xOf(1) - 3, yOf(5) - 3],
      [xOf(1) - 3, yOf(5) + 1.5],
      [xOf(-1) - 3, yOf(3) - 1.5],
      [xOf(-1) - 3, yOf(3) + 3],
      // The border of the hollow mark, and empty paper.
      [xOf(-2) - 2, yOf(2)],
      [xOf(1.5), yOf(4.5)],
    ] as const;
    const pixels = await pixelsOf(browser, svg, spots);

    expect(pixels.slice(0, 3).map((pixel, index) => isNear(pixel, [UP, DOWN, PLAIN][index] ?? WHITE))).toEqual([
      true,
      true,
      true,
    ]);
    expect(isNear(pixels[3] ?? UP, WHITE)).toBe(true);
    expect(pixels.slice(4, 8).map((pixel) => isNear(pixel, WHITE))).toEqual([true, false, false, true]);
    expect(Math.max(...(pixels[8] ?? WHITE))).toBeLessThan(160);
    expect(pixels[9]).toEqual(WHITE);
  });

  it('shows every class among 20,000 rows', async () => {
    const svg = renderVolcano(columnsOf(studyRows(20_000, 1)), { labels: 0 });
    const { page } = await showSvg(browser, svg);
    const spots: [number, number][] = [];
    for (let x = FRAME.x + 2; x < FRAME.x + FRAME.width; x += 3) {
      for (let y = FRAME.y + 30; y < FRAME.y + FRAME.height; y += 2) spots.push([x, y]);
    }
    const pixels = await pixelsOf(browser, svg, spots);
    await page.close();
    const painted = (colour: Pixel): number => pixels.filter((pixel) => isNear(pixel, colour)).length;

    expect(painted(UP)).toBeGreaterThan(80);
    expect(painted(DOWN)).toBeGreaterThan(80);
    expect(painted(PLAIN)).toBeGreaterThan(400);
    expect(painted([66, 74, 83])).toBeGreaterThan(15);
    // Most of the paper is white: the points are no carpet.
    expect(painted(WHITE) / pixels.length).toBeGreaterThan(0.8);
  });

  it('puts points beyond the axes at the edge on their side, behind a break', async () => {
    const rows: readonly Row[] = [
      ...studyRows(400, 9),
      { coef: 40, log10P: -1, q: 0.9 },
      { coef: -0.1, log10P: -1e4, q: 0 },
    ];
    const { page } = await showSvg(browser, renderVolcano(columnsOf(rows), { labels: 0 }));
    const found = await look(page);
    await page.close();
    const right = found.marks.find(({ kind }) => kind === 'plain beyond');
    const top = found.marks.find(({ kind }) => kind === 'down beyond');

    expect(right?.x).toBeGreaterThan(FRAME.x + FRAME.width - 26);
    expect((top?.y ?? Infinity) + (top?.height ?? 0)).toBeLessThan(FRAME.y + 26);
    expect(found.texts.filter(({ text }) => /^[<>] /u.test(text))).toHaveLength(3);
    expect(found.marks.filter(({ kind }) => kind === 'edge')).toHaveLength(1);
  });

  it('is one picture with a name and a description to who cannot see it', async () => {
    const svg = renderVolcano(columnsOf([{ coef: 1, log10P: -3, q: 0.01, name: 'TP53' }]), { title: 'My <genes>' });
    const page = await browser.newPage();
    await page.setContent(`<main>${svg}</main>`);
    const picture = page.getByRole('img', {
      name: /^My <genes> 1 row, 1 drawn\..*TP53: hazard ratio 2\.7, p 0\.001, q 0\.01\.$/u,
    });

    expect(await picture.count()).toBe(1);
    await page.close();
  });
});
