import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBinaryBody } from '../../../src/survival/service/binary-body.ts';
import { ask, BINARY_TYPE, REQUEST } from './ask.ts';
import type { Asked } from './ask.ts';

function schemaOf(name: string): object {
  return JSON.parse(readFileSync(new URL(`../../../schemas/${name}`, import.meta.url), 'utf8')) as object;
}

const ajv = new Ajv2020({ strict: false });
const isRequest = ajv.compile(schemaOf('survival-request.schema.json'));
const isAnswer = ajv.compile(schemaOf('survival-answer.schema.json'));
const isRefusal = ajv.compile({ $ref: 'survival-answer.schema.json#/$defs/refusal' });

/** What may stand where a number belongs. */
const odd = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 3, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  fc.constantFrom<unknown>(null, true, false, '1', '', [], [1], {}, -1, 0.5, -0, 2),
);
const time = fc.oneof({ weight: 30, arbitrary: fc.double({ min: 0, max: 1e4, noNaN: true }) }, odd);
const event = fc.oneof({ weight: 30, arbitrary: fc.constantFrom(0, 1) }, odd);

/** Requests that are right but for some of their entries, members and lengths. */
const request = fc.integer({ min: 0, max: 5 }).chain((n) => {
  const list = <T>(entry: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 25, arbitrary: fc.array(entry, { minLength: n, maxLength: n }) }, fc.array(entry), odd);
  return fc
    .record(
      {
        times: list(time),
        events: list(event),
        values_by_record: fc.oneof({ weight: 20, arbitrary: fc.array(list(odd), { maxLength: 4 }) }, odd),
      },
      { requiredKeys: [] },
    )
    .chain((members) =>
      fc.oneof(
        { weight: 20, arbitrary: fc.constant<object>(members) },
        fc.record({
          ...Object.fromEntries(Object.entries(members).map(([name, value]) => [name, fc.constant(value)])),
          ids: odd,
        }),
        fc.constant<unknown>([members]),
      ),
    );
});

interface Lists {
  readonly times: readonly unknown[];
  readonly events: readonly unknown[];
  readonly values_by_record: readonly (readonly unknown[])[];
}

/** What no JSON Schema can say: that lengths are the same. */
function isEven({ times, events, values_by_record: rows }: Lists): boolean {
  return [events, ...rows].every(({ length }) => length === times.length);
}

/** What the schema says of a request is right for a row that is no number's, too: then that row alone is invalid. */
function numbersAlone(value: unknown): unknown {
  const { values_by_record: rows, ...others } = value as { readonly values_by_record?: unknown };
  if (!Array.isArray(rows)) return value;
  const clean = (row: unknown): unknown =>
    Array.isArray(row) ? row.map((one: unknown) => (typeof one === 'number' ? one : null)) : row;
  return { ...others, values_by_record: rows.map(clean) };
}

function isWhole(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function expectWellFormed({ status, text }: Asked): void {
  const body: unknown = JSON.parse(text);
  expect(text).not.toMatch(/NaN|Infinity|[\n\r]/);
  if (status === 200) expect(isAnswer(body)).toBe(true);
  else {
    expect([400, 413]).toContain(status);
    expect(isRefusal(body)).toBe(true);
    expect(body).toMatchObject({ code: status });
  }
}

describe('the validator and the schema', () => {
  it('take the same requests; rows with a value that is no number are invalid where the schema refuses them', () => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(request, (value) => {
        const asked = ask(value);
        const sent: unknown = JSON.parse(JSON.stringify(value));
        const isRight = isRequest(isWhole(sent) ? numbersAlone(sent) : sent) && isEven(sent as Lists);

        expectWellFormed(asked);
        expect(asked.status).toBe(isRight ? 200 : 400);
        if (isRight) {
          const invalid = (sent as Lists).values_by_record.map(
            (row) => !row.every((one) => one === null || typeof one === 'number'),
          );
          expect(asked.list!.map(({ status }) => status === 'invalid')).toEqual(invalid);
          expect(isRequest(sent)).toBe(!invalid.includes(true));
        }
        if (isRight) taken += 1;
        else refused += 1;
      }),
      { numRuns: 3_000 },
    );
    expect([taken > 300, refused > 300]).toEqual([true, true]);
  });

  it('take the examples of the schema', () => {
    const { examples } = schemaOf('survival-request.schema.json') as { readonly examples: readonly unknown[] };

    for (const example of examples) expect([isRequest(example), ask(example).status]).toEqual([true, 200]);
  });
});

/** A body with some octets changed, taken out or put in. */
function mutated(body: Uint8Array, most = 4, width = 6): fc.Arbitrary<Buffer> {
  const octet = fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(...Buffer.from('[]{},:"\\0123456789.eE+-nulltruefalse \n')),
  );
  const change = fc.record({
    at: fc.integer({ min: 0, max: body.length }),
    take: fc.integer({ min: 0, max: width }),
    put: fc.array(octet, { maxLength: width }),
  });
  return fc
    .array(change, { minLength: 1, maxLength: most })
    .map((changes) =>
      changes.reduce(
        (text, { at, take, put }) => Buffer.concat([text.subarray(0, at), Buffer.from(put), text.subarray(at + take)]),
        Buffer.from(body),
      ),
    );
}

describe('a body that went wrong on its way', () => {
  it('as JSON is answered or refused, and taken for JSON only where Node takes it for that, too', () => {
    fc.assert(
      fc.property(mutated(Buffer.from(JSON.stringify(REQUEST))), (body) => {
        const asked = ask(body);

        expectWellFormed(asked);
        if (asked.status === 200 || asked.message?.includes('is not JSON') === false) return;
        expect(() => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown).toThrow(
          /JSON|not valid|invalid/i,
        );
      }),
      { numRuns: 5_000 },
    );
  });

  it('as JSON that is answered says what Node reads', () => {
    let compared = 0;
    fc.assert(
      fc.property(mutated(Buffer.from(JSON.stringify(REQUEST)), 1, 1), (body) => {
        const asked = ask(body);
        if (asked.status !== 200) return;
        // A number beyond all numbers cannot be written by Node.
        const read = JSON.parse(body.toString(), (_key, value: unknown) =>
          value === Infinity || value === -Infinity ? 'no number' : value,
        ) as object;
        expect(ask(read).text).toBe(asked.text);
        compared += 1;
      }),
      { numRuns: 5_000 },
    );
    // One in six is.
    expect(compared).toBeGreaterThan(100);
  });

  it.each([4, 8] as const)('in octets, values of %d, is answered or refused', (valueOctets) => {
    const { times, events, values_by_record: values } = REQUEST;
    fc.assert(
      fc.property(mutated(encodeBinaryBody({ times, events, values, valueOctets })), (body) => {
        expectWellFormed(ask(body, { contentType: BINARY_TYPE }));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['gzip', { contentEncoding: 'gzip' }],
    ['base64', { isBase64: true }],
    ['both', { contentEncoding: 'gzip', isBase64: true }],
  ])('is none of %s, and is answered or refused', (_what, delivery) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (body) => {
        expectWellFormed(ask(body, delivery));
      }),
    );
  });
});
