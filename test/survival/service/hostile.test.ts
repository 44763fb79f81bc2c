import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeBinaryBody } from '../../../src/survival/service/binary-body.ts';
import { SERVICE_LIMITS } from '../../../src/survival/service/limits.ts';
import { ask, BINARY_TYPE, REQUEST } from './ask.ts';
import type { Asked } from './ask.ts';

const { times, events, values_by_record: values } = REQUEST;
const MIB = 1024 * 1024;
const SUBJECTS = '{"times":[1,2],"events":[1,0],"values_by_record":';

/** Octets of zero as a gzip: a thousandth of them. */
function bomb(octets: number): Buffer {
  return gzipSync(Buffer.alloc(octets));
}

function header(n: number, m: number): Uint8Array {
  const body = encodeBinaryBody({ times, events, values, valueOctets: 8 });
  const view = new DataView(body.buffer);
  view.setUint32(8, n, true);
  view.setUint32(12, m, true);
  return body;
}

/** Within 1 s on a quiet machine; ten times as long, and once again, on one that is not. */
const MOST_MS = 10_000;
/** The body itself, what it inflates to, and the arrays made of that. */
const MOST_OCTETS = 512 * MIB;

async function quickly(send: () => Asked): Promise<Asked> {
  const measured = (): readonly [Asked, number] => {
    const began = performance.now();
    const asked = send();
    return [asked, performance.now() - began];
  };
  let [asked, took] = measured();
  if (took >= MOST_MS) [asked, took] = measured();
  expect(took).toBeLessThan(MOST_MS);
  return asked;
}

describe('T115 what is made to cost more than it brings', () => {
  it.each([
    ['a gzip of 1:1000', 413, () => ask(bomb(500 * MIB), { contentEncoding: 'gzip' })],
    [
      'a gzip of 1:1000 for octets',
      413,
      () => ask(bomb(500 * MIB), { contentEncoding: 'gzip', contentType: BINARY_TYPE }),
    ],
    ['a header of n · m = 2^62', 400, () => ask(header(2 ** 31, 2 ** 31), { contentType: BINARY_TYPE })],
    ['a header of the largest n and m', 400, () => ask(header(2 ** 32 - 1, 2 ** 32 - 1), { contentType: BINARY_TYPE })],
    ['six million arrays in each other', 400, () => ask(`${SUBJECTS}${'['.repeat(5_999_000)}`)],
    ['a body of nothing but arrays in each other', 400, () => ask('['.repeat(6_000_000))],
    ['a time of 1e999', 400, () => ask('{"times":[1e999],"events":[1],"values_by_record":[]}')],
    [
      'a number of six million digits',
      400,
      () => ask(`{"times":[-${'9'.repeat(5_990_000)}],"events":[1],"values_by_record":[]}`),
    ],
    [
      'an exponent of six million digits',
      400,
      () => ask(`{"times":[1e${'9'.repeat(5_990_000)}],"events":[1],"values_by_record":[]}`),
    ],
    ['six million octets of a name', 400, () => ask(`{"${'a'.repeat(5_990_000)}":1}`)],
    ['more rows than an answer has room for', 413, () => ask(`${SUBJECTS}[${'[1,2],'.repeat(900_000)}[1,2]]}`)],
    ['rows of nothing', 400, () => ask(`{"values_by_record":[${'[],'.repeat(1_900_000)}[]],"times":[],"events":[]}`)],
  ])('%s is refused with %d, soon, and takes no more memory than it may', async (_what, status, send) => {
    const before = process.memoryUsage();
    const asked = await quickly(send);
    const after = process.memoryUsage();

    expect(asked.status).toBe(status);
    expect(asked.message!.length).toBeLessThan(200);
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(MOST_OCTETS);
  });

  it('a value of 1e999 makes its row invalid', () => {
    expect(ask(`${SUBJECTS}[[1e999,1],[2,1]]}`)).toMatchObject({
      status: 200,
      list: [{ status: 'invalid' }, { n: 2 }],
    });
  });
});

describe('T143 a body that is too large', () => {
  const most = SERVICE_LIMITS.body;
  const subjects = {
    times: Array.from({ length: 480 }, (_, index) => index),
    events: Array.from({ length: 480 }, () => 1),
  };
  const start = JSON.stringify(subjects).replace('}', ',"values_by_record":[');

  it('is refused by its size alone: nothing of it is read', () => {
    const { status, facts } = ask(`{${'x'.repeat(most)}`);

    expect(status).toBe(413);
    expect(facts).toEqual({ octets: most + 1, format: 'json', encoding: 'identity' });
  });

  it('is taken up to the limit', () => {
    expect(ask(`${JSON.stringify(REQUEST)}${' '.repeat(most - JSON.stringify(REQUEST).length)}`).status).toBe(200);
    expect(ask(`${JSON.stringify(REQUEST)}${' '.repeat(most - JSON.stringify(REQUEST).length + 1)}`).status).toBe(413);
  });

  it('counts by octets, in JSON that has other signs than ASCII', () => {
    expect(ask('é'.repeat(most / 2 + 1)).message).toBe(
      `the body has ${most + 2} octets, ${most} are the most: send fewer rows a request`,
    );
  });

  it('is told the most rows for its subjects, as JSON', () => {
    const { status, message } = ask(start + ' '.repeat(most));

    expect(status).toBe(413);
    expect(message).toContain(`octets, ${most} are the most: send at most 623 rows of 480 subjects a request`);
    const row = JSON.stringify(Array.from({ length: 480 }, (_, index) => -(index + 1) / 3e5));
    const whole = `${start}${Array.from({ length: 623 }, () => row).join(',')}]}`;
    expect(ask(whole).status).toBe(200);
  });

  it.each([
    ['in octets', false, most],
    ['in base64', true, (most / 4) * 3],
  ])('is told the most rows for its subjects, %s: so many are taken, and one more is not', (_what, isBase64, room) => {
    const send = (m: number): Asked => {
      const body = encodeBinaryBody({
        ...subjects,
        values: Array.from({ length: m }, () => subjects.times),
        valueOctets: 4,
      });
      return ask(isBase64 ? Buffer.from(body).toString('base64') : body, { contentType: BINARY_TYPE, isBase64 });
    };
    const refused = send(4_000);
    const rows = Number(/send at most (\d+) rows of 480 subjects/.exec(refused.message!)?.[1]);

    expect(refused.status).toBe(413);
    expect(rows).toBe(Math.floor((room - 16 - 480 * 9) / (480 * 4)));
    expect(send(rows).status).toBe(200);
    expect(send(rows + 1).status).toBe(413);
  });

  it('is told the most rows for its subjects when it is a gzip', () => {
    const text = `${start}${' '.repeat(SERVICE_LIMITS.inflated)}`;

    expect(ask(gzipSync(text), { contentEncoding: 'gzip' })).toMatchObject({
      status: 413,
      message: `the body inflates to more than ${SERVICE_LIMITS.inflated} octets: send at most 5240 rows of 480 subjects a request`,
    });
  });

  it('is told when not one row of so many subjects fits', () => {
    const many = encodeBinaryBody({
      times: new Float64Array(700_000),
      events: new Uint8Array(700_000),
      values: [],
      valueOctets: 8,
    });

    expect(ask(many, { contentType: BINARY_TYPE }).message).toContain('not one row of 700000 subjects fits');
  });

  it('is one whose answer is: refused before it is computed, and the most rows are taken', () => {
    const send = (m: number): Asked => ask(`${SUBJECTS}[${Array.from({ length: m }, () => '[1,2]').join(',')}]}`);
    const refused = send(100_000);
    const rows = Number(/send at most (\d+) rows of 2 subjects/.exec(refused.message!)?.[1]);
    const answered = send(rows);

    expect(refused.status).toBe(413);
    expect(refused.facts.fitMs).toBeUndefined();
    expect(answered.status).toBe(200);
    // As a text in Lambda's own answer.
    expect(JSON.stringify(answered.text).length).toBeLessThan(SERVICE_LIMITS.answer);
    expect(send(rows + 1).status).toBe(413);
  });
});
