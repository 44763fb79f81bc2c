import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitCox } from '../../../src/survival/fit-cox.ts';
import { binaryLength, decodeBinaryBody, encodeBinaryBody } from '../../../src/survival/service/binary-body.ts';
import type { BinaryRequest } from '../../../src/survival/service/binary-body.ts';
import { ask, BINARY_TYPE, REQUEST } from './ask.ts';

const { times, events, values_by_record: values } = REQUEST;
const octetsOf = (changes: Partial<BinaryRequest> = {}): Uint8Array =>
  encodeBinaryBody({ times, events, values, valueOctets: 8, ...changes });

function changed(at: number, ...octets: readonly number[]): Uint8Array {
  const body = octetsOf();
  body.set(octets, at);
  return body;
}

const problem = fc.record({ n: fc.integer({ min: 1, max: 12 }), m: fc.integer({ min: 0, max: 4 }) }).chain(({ n, m }) =>
  fc.record({
    times: fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: n, maxLength: n }),
    events: fc.array(fc.constantFrom(0, 1), { minLength: n, maxLength: n }).map(([, ...others]) => [1, ...others]),
    values: fc.array(fc.array(fc.option(fc.double({ noNaN: true })), { minLength: n, maxLength: n }), {
      minLength: m,
      maxLength: m,
    }),
  }),
);

describe('the binary body', () => {
  it('has the layout that is documented', () => {
    const body = encodeBinaryBody({ times: [1.5, 2], events: [1, 0], values: [[3, null]], valueOctets: 4 });

    expect(Buffer.from(body).toString('hex')).toBe(
      [
        '54555356', // TUSV
        '01', // version
        '04', // octets of a value
        '0000',
        '02000000', // n
        '01000000', // m
        '000000000000f83f', // 1.5
        '0000000000000040', // 2
        '0100', // events
        '000000000000', // to a multiple of 8
        '00004040', // 3
        '0000c07f', // NaN
      ].join(''),
    );
    expect(body.length).toBe(binaryLength(2, 1, 4));
  });

  it('says what was encoded, from any place in memory', () => {
    fc.assert(
      fc.property(
        problem,
        fc.integer({ min: 0, max: 8 }),
        fc.constantFrom(4 as const, 8 as const),
        (one, shift, size) => {
          const encoded = encodeBinaryBody({ ...one, valueOctets: size });
          const memory = new Uint8Array(encoded.length + shift);
          memory.set(encoded, shift);

          const body = decodeBinaryBody(memory.subarray(shift));

          expect([...body.times]).toEqual(one.times);
          expect([...body.events]).toEqual(one.events);
          expect(body.m).toBe(one.values.length);
          const written = one.values.flat().map((value) => value ?? Number.NaN);
          expect([...body.matrix]).toEqual(size === 8 ? written : [...Float32Array.from(written)]);
        },
      ),
    );
  });

  it('is answered as the same request in JSON is', () => {
    fc.assert(
      fc.property(problem, ({ values: rows, ...subjects }) => {
        const finite = rows.map((row) => row.map((value) => (value !== null && Number.isFinite(value) ? value : null)));
        const binary = ask(encodeBinaryBody({ ...subjects, values: finite, valueOctets: 8 }), {
          contentType: BINARY_TYPE,
        });

        expect(binary.status).toBe(200);
        expect(binary.text).toBe(ask({ ...subjects, values_by_record: finite }).text);
      }),
    );
  });

  it('is not copied where its values can be read where they are', () => {
    const memory = new Uint8Array(new ArrayBuffer(binaryLength(6, 2, 8)));
    memory.set(octetsOf());

    expect(decodeBinaryBody(memory).matrix.buffer).toBe(memory.buffer);
  });

  it('with an infinite value has an invalid row', () => {
    const [first, second] = values;
    const rows = [first, [1, Number.NEGATIVE_INFINITY, 3, 2, 5, 4]];
    const { list } = ask(octetsOf({ values: rows }), { contentType: BINARY_TYPE });

    expect(list![0]).toEqual(fitCox({ times, events, values: [first], minEvents: 1 })[0]);
    expect(list![1]).toMatchObject({ status: 'invalid', error: 'value 1 is not a finite number' });
    expect(second.length).toBe(6);
  });

  it('keeps seven digits of a value in four octets', () => {
    const [exact] = ask(octetsOf({ values: [[0.1, 0.7, -0.3, 0.2, 0.9, 0.4]] }), { contentType: BINARY_TYPE }).list!;
    const [short] = ask(octetsOf({ values: [[0.1, 0.7, -0.3, 0.2, 0.9, 0.4]], valueOctets: 4 }), {
      contentType: BINARY_TYPE,
    }).list!;

    expect(short!.coef).toBeCloseTo(exact!.coef!, 5);
    expect(short!.coef).not.toBe(exact!.coef);
  });

  it('is not encoded of rows that have not all subjects', () => {
    expect(() => octetsOf({ values: [[1, 2]] })).toThrow('events and rows must have 6 entries like times, not 2');
    expect(() => octetsOf({ events: [1] })).toThrow('events and rows must have 6 entries like times, not 1');
  });

  it.each([
    ['nothing', new Uint8Array(), 'the body has 0 octets: its header alone has 16'],
    ['half a header', octetsOf().subarray(0, 15), 'the body has 15 octets: its header alone has 16'],
    ['JSON', Buffer.from(JSON.stringify(REQUEST)), 'the body does not begin with TUSV'],
    ['another version', changed(4, 2), 'octet 4, the version, is not 1'],
    ['values of 2 octets', changed(5, 2), 'octet 5, the octets of a value, is not 4 or 8'],
    ['something in the reserved octets', changed(7, 1), 'octets 6 and 7 are not 0'],
    [
      'an octet less',
      octetsOf().subarray(0, -1),
      'the body has 167 octets: with n, m and the octets of a value in its header it has 168',
    ],
    [
      'an octet more',
      Buffer.concat([octetsOf(), Buffer.of(0)]),
      'the body has 169 octets: with n, m and the octets of a value in its header it has 168',
    ],
    [
      'big-endian counts',
      changed(8, 0, 0, 0, 6, 0, 0, 0, 2),
      'the body has 168 octets: with n, m and the octets of a value in its header it has',
    ],
    ['something between events and values', changed(16 + 54 + 1, 7), 'octet 71, between events and values, is not 0'],
    ['an event of 2', changed(16 + 48 + 3, 2), 'events[3] is not 0 or 1'],
    ['no event', octetsOf({ events: [0, 0, 0, 0, 0, 0] }), '0 of 6 samples have an event; at least 1 is needed'],
    ['nobody', octetsOf({ times: [], events: [], values: [] }), '0 of 0 samples have an event; at least 1 is needed'],
    [
      'a time that is NaN',
      octetsOf({ times: [1, 2, Number.NaN, 1, 1, 1] }),
      'times[2] is not a finite number of 0 or more',
    ],
    [
      'an infinite time',
      octetsOf({ times: [Infinity, 2, 3, 1, 1, 1] }),
      'times[0] is not a finite number of 0 or more',
    ],
    ['a negative time', octetsOf({ times: [1, 2, 3, 1, 1, -1] }), 'times[5] is not a finite number of 0 or more'],
  ])('with %s is refused with 400', (_what, body, message) => {
    const asked = ask(body, { contentType: BINARY_TYPE });

    expect(asked.status).toBe(400);
    expect(asked.message).toContain(message);
  });
});
