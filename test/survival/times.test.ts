import { describe, expect, it } from 'vitest';
import { prepareSubjects } from '../../src/survival/subjects.ts';
import { fitRow } from './data.ts';

/** The distinct times of events, as how many events are at each and how many subjects are at risk. */
function riskSets(times: readonly number[], events: readonly number[]): readonly (readonly [number, number])[] {
  const { n, layout } = prepareSubjects(times, events);
  return Array.from({ length: layout.blocks }, (_, block) => [layout.deaths[block]!, n - layout.start[block]!]);
}

/** The blocks of the layout, as the indices of their subjects. */
function blocks(times: readonly number[], events: readonly number[]): readonly (readonly number[])[] {
  const { layout } = prepareSubjects(times, events);
  return Array.from({ length: layout.blocks }, (_, block) =>
    Array.from(layout.order.subarray(layout.start[block], layout.start[block + 1])),
  );
}

describe('prepareSubjects', () => {
  it('sorts by time, events first, and leaves out who is censored before the first event', () => {
    expect(blocks([5, 3, 3, 1, 4, 3], [1, 0, 1, 0, 0, 1])).toEqual([[2, 5, 1, 4], [0]]);
  });

  it('counts who is at risk at each event', () => {
    expect(riskSets([5, 3, 3, 1, 4, 3], [1, 0, 1, 0, 0, 1])).toEqual([
      [2, 5],
      [1, 1],
    ]);
  });

  it('takes typed arrays, time 0 and no event at all', () => {
    expect(prepareSubjects(Float32Array.of(0, 0, 1), Uint8Array.of(1, 0, 1))).toMatchObject({ n: 3, events: 2 });
    expect(prepareSubjects(Float64Array.of(0, 1), Uint8Array.of(0, 0))).toMatchObject({ n: 2, events: 0 });
    expect(prepareSubjects([], [])).toMatchObject({ n: 0, events: 0 });
  });
});

describe('times that are one', () => {
  it.each([
    { what: 'rounding apart', times: [0.1 + 0.2, 0.3, 1], sets: 2 },
    { what: '1.4e-8 apart', times: [1, 1 + 1.4e-8, 2], sets: 2 },
    { what: '1.6e-8 apart, about 1', times: [1 - 1.6e-8, 1, 1 + 1.6e-8], sets: 3 },
    { what: '0.002 apart, of some 1e6', times: [1e6, 1e6 + 0.002, 1e6 + 1], sets: 2 },
    { what: '0.02 apart, of some 1e6', times: [1e6, 1e6 + 0.02, 1e6 + 1], sets: 3 },
    { what: 'a chain of 1e-8, whole', times: [1, 1 + 1e-8, 1 + 2e-8, 1 + 3e-8], sets: 1 },
    { what: 'all, where all are tiny', times: [1e-9, 2e-9, 3e-9, 4e-9], sets: 1 },
    { what: 'all 0', times: [0, 0, 0], sets: 1 },
    { what: 'by the mean of the distinct times: 1e7 counts once', times: [1, 1.01, 1e7, 1e7], sets: 2 },
    { what: 'the same, without the large one', times: [1, 1.01, 2, 2], sets: 3 },
    { what: 'none of the largest numbers', times: [1e308, 1.2e308, 1.4e308, 1.7e308], sets: 4 },
  ])('$what', ({ times, sets }) => {
    const events = times.map(() => 1);
    expect(riskSets(times, events)).toHaveLength(sets);
    // In any order.
    expect(riskSets(times.toReversed(), events)).toHaveLength(sets);
  });

  it('an event and a censoring at one time: who is censored is still at risk', () => {
    expect(riskSets([1, 1 - 1e-9, 2], [1, 0, 1])).toEqual([
      [1, 3],
      [1, 1],
    ]);
  });
});

describe('a subject without a value', () => {
  const times = [4, 1, 3, 3, 2, 5, 6, 1];
  const events = [1, 1, 1, 1, 0, 1, 0, 0];
  const values = [0.3, 1.2, -0.4, 0.9, 2.2, -1.1, 0.7, 0.1];

  it.each(times.map((_, at) => at))('%i is as if it were not there', (gone) => {
    const rest = <T>(list: readonly T[]): readonly T[] => list.filter((_, at) => at !== gone);
    const dropped = fitRow(
      times,
      events,
      values.map((value, at) => (at === gone ? null : value)),
    );
    expect(dropped).toEqual(fitRow(rest(times), rest(events), rest(values)));
  });

  it('takes with it what made its neighbours one time', () => {
    const chain = [1, 1 + 1.2e-8, 1 + 2.4e-8, 1.2, 1.4];
    const all = [1, 1, 1, 1, 1];
    const dropped = fitRow(chain, all, [0.5, null, 1.5, 0.1, 1.1]);
    expect(dropped).toEqual(fitRow([1, 1 + 2.4e-8, 1.2, 1.4], [1, 1, 1, 1], [0.5, 1.5, 0.1, 1.1]));
    expect(dropped.coef).not.toBe(fitRow([1, 1, 1.2, 1.4], [1, 1, 1, 1], [0.5, 1.5, 0.1, 1.1]).coef);
  });

  it('in one row changes no other', () => {
    const whole = fitRow(times, events, values);
    expect(fitRow(times, events, [null, ...values.slice(1)])).not.toEqual(whole);
    expect(fitRow(times, events, values)).toEqual(whole);
  });
});
