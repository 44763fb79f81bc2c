import * as fc from 'fast-check';

export interface Request {
  readonly times: readonly number[];
  readonly events: readonly number[];
  readonly values: readonly (readonly (number | null)[])[];
}

/** Multiples of 1/8 up to 64: sums, shifts by whole numbers and powers of two of them are exact. */
const latticeValue = fc.integer({ min: -512, max: 512 }).map((eighths) => eighths / 8);

const row = (length: number): fc.Arbitrary<number[]> =>
  fc.oneof(
    fc.array(latticeValue, { minLength: length, maxLength: length }),
    fc.array(fc.integer({ min: 0, max: 2 }), { minLength: length, maxLength: length }),
  );

/** Whole times with ties, at least one event, 1 to 4 rows of lattice values. */
export const latticeRequest: fc.Arbitrary<Request> = fc.integer({ min: 2, max: 30 }).chain((n) =>
  fc.record({
    times: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: n, maxLength: n }),
    events: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: n, maxLength: n }).map(withEvent),
    values: fc.array(row(n), { minLength: 1, maxLength: 4 }),
  }),
);

export function withEvent(events: readonly number[]): number[] {
  return events.includes(1) ? [...events] : events.map((event, i) => (i === 0 ? 1 : event));
}

const EXTREMES = [0, -0, 1, -1, 1 + 2 ** -52, 5e-324, -5e-324, 1e-310, 1e-160, 1e160, -1e300, 1e308, -1e308];
const EXTREME_TIMES = [0, -0, 1, 1 + 1e-9, 1 + 1e-7, 5e-324, 1e-12, 1e12, 1e300, Number.MAX_VALUE];

const nastyValue = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...EXTREMES, Number.MAX_VALUE, -Number.MAX_VALUE) },
  { weight: 4, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 4, arbitrary: latticeValue },
  { weight: 1, arbitrary: fc.constant(null) },
);
const impossibleValue = fc.oneof(
  { weight: 12, arbitrary: nastyValue },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) },
);
const nastyTime = fc.oneof(
  fc.constantFrom(...EXTREME_TIMES),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: 0, max: 4 }),
);

const nastyRow = (length: number): fc.Arbitrary<(number | null)[]> => {
  const size = { minLength: length, maxLength: length };
  return fc.oneof(
    fc.array(nastyValue, size),
    fc.array(impossibleValue, size),
    // Constants, and constants but for the last bit of one.
    fc
      .tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat({ max: length }))
      .map(([value, at]) =>
        Array.from({ length }, (_, i) => (i === at ? value * (1 + 2 ** -52) : value)).map((x) =>
          Number.isFinite(x) ? x : 1,
        ),
      ),
    // A few values only.
    fc
      .array(fc.constantFrom(...EXTREMES), { minLength: 1, maxLength: 2 })
      .chain((few) => fc.array(fc.constantFrom(...few), size)),
  );
};

/** What nobody should send, and what is allowed all the same: extremes, denormals, constants, single subjects, all tied. */
export const nastyRequest: fc.Arbitrary<Request> = fc.integer({ min: 1, max: 16 }).chain((n) => {
  const size = { minLength: n, maxLength: n };
  return fc.record({
    times: fc.oneof(
      fc.array(nastyTime, size),
      nastyTime.map((time) => Array<number>(n).fill(time)),
    ),
    events: fc.array(fc.integer({ min: 0, max: 1 }), size).map(withEvent),
    values: fc.array(nastyRow(n), { minLength: 0, maxLength: 5 }),
  });
});
