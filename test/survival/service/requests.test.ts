import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fitCox } from '../../../src/survival/fit-cox.ts';
import { encodeBinaryBody } from '../../../src/survival/service/binary-body.ts';
import { answerSurvival } from '../../../src/survival/service/answer.ts';
import { ask, BINARY_TYPE, REQUEST } from './ask.ts';

const { times, events, values_by_record: values } = REQUEST;

function without(member: keyof typeof REQUEST): object {
  return Object.fromEntries(Object.entries(REQUEST).filter(([name]) => name !== member));
}

const BEFORE = '{"times":[5,8,0],"events":[1,0,1],"values_by_record":[[1,2,3],';
/** Where the row begins that `withRow` puts into a body. */
const ROW = BEFORE.length;

/** A body that is right but for what is put in place of one row. */
function withRow(row: string): string {
  return `${BEFORE}${row}]}`;
}

describe('a request', () => {
  it('is answered row by row, in its order, with what the library says', () => {
    const { status, list } = ask(REQUEST);

    expect(status).toBe(200);
    expect(list).toEqual(fitCox({ times, events, values, minEvents: 1 }));
    expect(list!.map(({ n, events: count, status: state }) => [n, count, state])).toEqual([
      [6, 4, 'ok'],
      [5, 4, 'ok'],
    ]);
  });

  it('has every member of every row, and null for what is not a number', () => {
    const { text } = ask({ times: [1, 2, 3], events: [1, 1, 0], values_by_record: [[1, 1, 1]] });

    expect(text).toBe(
      '{"statistics_list":[{"hazard":null,"pval":null,"log10_pval":null,"coef":null,"se":null,"robust_se":null,"z":null,' +
        '"ci95":[null,null],"n":3,"events":2,"iterations":0,"status":"constant"}]}',
    );
  });

  it.each([
    ['members in another order', '{"values_by_record":[[1,2,4]],"events":[1,0,1],"times":[5,8,0]}'],
    [
      'blanks everywhere',
      ' {\n"times" :\t[ 5 , 8\r\n, 0 ] , "events":[ 1,0 ,1 ],"values_by_record": [ [ 1 , 2,4 ] ] } \n',
    ],
    ['a name with escapes', '{"\\u0074imes":[5,8,0],"events":[1,0,1],"values_by_record":[[1,2,4]]}'],
    ['events in other ways of writing', '{"times":[5,8,0.0],"events":[1.0,-0,10e-1],"values_by_record":[[1,2.0,4e0]]}'],
  ])('with %s says the same', (_what, body) => {
    const { status, list } = ask(body);

    expect(status).toBe(200);
    expect(list).toEqual(fitCox({ times: [5, 8, 0], events: [1, 0, 1], values: [[1, 2, 4]], minEvents: 1 }));
  });

  it('without rows has an empty answer', () => {
    expect(ask({ ...REQUEST, values_by_record: [] })).toMatchObject({ status: 200, list: [] });
  });

  it('with fewer events than the service asks for keeps its figures, and says so', () => {
    const [few] = ask(REQUEST, { minEvents: 5 }).list!;
    const [enough] = ask(REQUEST, { minEvents: 4 }).list!;

    expect(few).toEqual({ ...enough, status: 'few_events' });
  });

  it.each([
    ['gzip', { contentEncoding: 'gzip' }, gzipSync(JSON.stringify(REQUEST))],
    ['gzip, in capitals', { contentEncoding: ' GZIP ' }, gzipSync(JSON.stringify(REQUEST))],
    ['base64', { isBase64: true }, Buffer.from(JSON.stringify(REQUEST)).toString('base64')],
    [
      'gzip in base64',
      { isBase64: true, contentEncoding: 'gzip' },
      gzipSync(JSON.stringify(REQUEST)).toString('base64'),
    ],
    ['a charset', { contentType: 'Application/JSON; charset="UTF-8"' }, JSON.stringify(REQUEST)],
    ['no content type', { contentType: undefined }, JSON.stringify(REQUEST)],
    ['octets', { contentType: BINARY_TYPE }, encodeBinaryBody({ times, events, values, valueOctets: 8 })],
    [
      'octets, gzip in base64',
      { contentType: BINARY_TYPE, contentEncoding: 'gzip', isBase64: true },
      gzipSync(encodeBinaryBody({ times, events, values, valueOctets: 8 })).toString('base64'),
    ],
  ])('as %s says the same', (_what, delivery, body) => {
    expect(ask(body, delivery).text).toBe(ask(REQUEST).text);
  });
});

describe('a value that is no number', () => {
  it.each([
    ['a text', '"12"'],
    ['a text with a bracket and escapes', String.raw`"]\"\\\u00e9\n,"`],
    ['true', 'true'],
    ['an array', '[1,[2,{"a":"]"}]]'],
    ['an object', '{"value":1,"b":[]}'],
    ['a number beyond all numbers', '1e999'],
    ['one beyond them on the other side', '-1e999'],
  ])('(%s) makes its row invalid, and no other', (_what, value) => {
    const { status, list } = ask(withRow(`[1,${value},3],[3,2,2]`));

    expect(status).toBe(200);
    expect(list!.map((row) => row.status)).toEqual(['ok', 'invalid', 'ok']);
    expect(list![1]).toMatchObject({
      error: 'value 1 is not a finite number',
      hazard: null,
      pval: null,
      ci95: [null, null],
    });
  });

  it('drops its subject when it is null', () => {
    const [first, second, third] = ask({
      times: [1, 2, 3, 4, 5],
      events: [1, 1, 0, 1, 0],
      values_by_record: [
        [1, null, 3, 2, 2],
        [null, null, 3, null, 1],
        [1, 3, 3, 2, 2],
      ],
    }).list!;

    expect(first).toEqual(
      fitCox({ times: [1, 3, 4, 5], events: [1, 0, 1, 0], values: [[1, 3, 2, 2]], minEvents: 1 })[0],
    );
    expect(second).toMatchObject({ n: 2, events: 0, status: 'no_events', pval: null });
    expect(third).toMatchObject({ n: 5, events: 3 });
  });
});

describe('a request that is refused with 400', () => {
  const HINT = 'JSON has no NaN, NA and Infinity, null stands for a value that is missing';
  it.each([
    ['no octet', '', 'the body is empty'],
    ['blanks', ' \n', 'the body is not a JSON object with times, events, values_by_record'],
    ['an array', '[]', 'the body is not a JSON object with times, events, values_by_record'],
    ['a text', '"times"', 'the body is not a JSON object with times, events, values_by_record'],
    ['null', 'null', 'the body is not a JSON object with times, events, values_by_record'],
    ['an empty object', '{}', 'times and events and values_by_record are missing'],
    ['no times', without('times'), 'times is missing'],
    ['no events', without('events'), 'events is missing'],
    ['no values', without('values_by_record'), 'values_by_record is missing'],
    [
      'another member',
      { ...REQUEST, patient_ids: ['p1'] },
      'member 4 is unknown: a request holds times, events, values_by_record alone',
    ],
    [
      'a member in capitals',
      { Times: [1] },
      'member 1 is unknown: a request holds times, events, values_by_record alone',
    ],
    ['a member twice', '{"times":[1],"events":[1],"times":[1]}', 'times is there twice'],
    ['times as an object', { ...REQUEST, times: {} }, 'times is not an array'],
    ['times as a text', { ...REQUEST, times: '1,2' }, 'times is not an array'],
    ['events as null', { ...REQUEST, events: null }, 'events is not an array'],
    ['values as a number', { ...REQUEST, values_by_record: 7 }, 'values_by_record is not an array'],
    ['a row as a number', withRow('7'), 'values_by_record[1] is not an array'],
    ['a row as null', withRow('null'), 'values_by_record[1] is not an array'],
    ['a row as an object', withRow('{}'), 'values_by_record[1] is not an array'],
    ['a short row', withRow('[1,2]'), 'values_by_record[1] has 2 entries, times has 3: every row has all subjects'],
    ['a long row', withRow('[1,2,3,4]'), 'values_by_record[1] has 4 entries, times has 3: every row has all subjects'],
    ['an empty row', withRow('[]'), 'values_by_record[1] has 0 entries, times has 3: every row has all subjects'],
    [
      'rows before times, which are others',
      '{"values_by_record":[[1,2],[1,2]],"times":[1,2,3],"events":[1,0,1]}',
      'values_by_record[0] has 2 entries, times has 3: every row has all subjects',
    ],
    [
      'rows before times, one of them ragged',
      '{"values_by_record":[[1,2],[1]],"times":[1,2],"events":[1,0]}',
      'values_by_record[1] has 1 entry, row 0 has 2: every row has all subjects',
    ],
    [
      'more times than events',
      { ...REQUEST, events: [1, 0] },
      'events has 2 entries, times has 6: every subject has both',
    ],
    ['nobody', { times: [], events: [], values_by_record: [] }, '0 of 0 samples have an event; at least 1 is needed'],
    ['no event', { ...REQUEST, events: [0, 0, 0, 0, 0, 0] }, '0 of 6 samples have an event; at least 1 is needed'],
    ['a negative time', { ...REQUEST, times: [5, 8, 0, -12.5, 30, 7] }, 'times[3] is not a finite number of 0 or more'],
    [
      'a time that is null',
      { ...REQUEST, times: [5, 8, 0, null, 30, 7] },
      'times[3] is not a finite number of 0 or more',
    ],
    [
      'a time that is a text',
      { ...REQUEST, times: ['5', 8, 0, 1, 30, 7] },
      'times[0] is not a finite number of 0 or more',
    ],
    [
      'a time beyond all numbers',
      '{"times":[1,1e999],"events":[1,1],"values_by_record":[]}',
      'times[1] is not a finite number of 0 or more',
    ],
    ['an event of 2', { ...REQUEST, events: [1, 0, 1, 1, 2, 1] }, 'events[4] is not 0 or 1'],
    ['an event of 0.5', { ...REQUEST, events: [1, 0.5, 1, 1, 0, 1] }, 'events[1] is not 0 or 1'],
    ['an event that is true', { ...REQUEST, events: [1, true, 1, 1, 0, 1] }, 'events[1] is not 0 or 1'],
    ['an event that is null', { ...REQUEST, events: [1, null, 1, 1, 0, 1] }, 'events[1] is not 0 or 1'],
    ['NaN', withRow('[1,NaN,3]'), `values_by_record[1][1] is not JSON: octet ${ROW + 3} should be a value: ${HINT}`],
    ['NA', withRow('[NA,1,3]'), `values_by_record[1][0] is not JSON: octet ${ROW + 1} should be a value: ${HINT}`],
    [
      '-Infinity',
      withRow('[-Infinity,1,3]'),
      `values_by_record[1][0] is not JSON: octet ${ROW + 1} should be a number: ${HINT}`,
    ],
    ['an octet more', `${JSON.stringify(REQUEST)}x`, 'the body goes on behind the JSON object, at octet 110'],
    [
      'two objects',
      '{"times":[1],"events":[1],"values_by_record":[]}{}',
      'the body goes on behind the JSON object, at octet 48',
    ],
    ['a byte order mark', `\uFEFF${JSON.stringify(REQUEST)}`, 'the body begins with a byte order mark: JSON has none'],
    [
      'UTF-16',
      Buffer.from(JSON.stringify(REQUEST), 'utf16le'),
      'member 1 is not JSON: octet 1 should be a name in quotes',
    ],
    ['octets that are no UTF-8', Buffer.from('{"times\xff":[1]}', 'latin1'), 'the body is not UTF-8'],
    ['half a pair of surrogates', Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a]), 'the body is not UTF-8'],
    ['a name that does not end', '{"times', 'member 1 is not JSON: octet 7 should be the end of a string'],
    ['a name without quotes', '{times:[1]}', 'member 1 is not JSON: octet 1 should be a name in quotes'],
    [
      'a control character in a name',
      '{"ti\nmes":[1]}',
      'member 1 is not JSON: octet 4 should be no control character',
    ],
    ['a comma behind the last member', '{"times":[1],}', 'the body is not JSON: octet 13 should be a name in quotes'],
    ['no colon', '{"times"[1]}', 'times is not JSON: octet 8 should be ":"'],
    [
      'a comma behind the last value',
      withRow('[1,2,3,]'),
      `values_by_record[1][3] is not JSON: octet ${ROW + 7} should be a value`,
    ],
    [
      'a comma behind the last row',
      withRow('[1,2,3],'),
      `values_by_record[2] is not JSON: octet ${ROW + 8} should be an array`,
    ],
    ['two commas', withRow('[1,,3]'), `values_by_record[1][1] is not JSON: octet ${ROW + 3} should be a value`],
    ['no comma', withRow('[1 2,3]'), `values_by_record[1][0] is not JSON: octet ${ROW + 3} should be "," or "]"`],
    ['a plus', withRow('[+1,2,3]'), `values_by_record[1][0] is not JSON: octet ${ROW + 1} should be a value`],
    ['a zero in front', withRow('[01,2,3]'), `values_by_record[1][0] is not JSON: octet ${ROW + 1} should be a number`],
    [
      'nothing before the point',
      withRow('[.5,2,3]'),
      `values_by_record[1][0] is not JSON: octet ${ROW + 1} should be a value`,
    ],
    [
      'nothing behind the point',
      withRow('[5.,2,3]'),
      `values_by_record[1][0] is not JSON: octet ${ROW + 1} should be a number`,
    ],
    [
      'nothing behind the e',
      withRow('[5e,2,3]'),
      `values_by_record[1][0] is not JSON: octet ${ROW + 2} should be "," or "]"`,
    ],
    ['hexadecimal', withRow('[0x1,2,3]'), `values_by_record[1][0] is not JSON: octet ${ROW + 2} should be "," or "]"`],
    [
      'an escape that there is not',
      withRow(String.raw`["\x",2,3]`),
      `values_by_record[1][0] is not JSON: octet ${ROW + 3} should be an escape`,
    ],
    [
      'half an escape',
      withRow(String.raw`["\u12",2,3]`),
      `values_by_record[1][0] is not JSON: octet ${ROW + 6} should be a hexadecimal digit`,
    ],
    [
      'an array of nonsense',
      withRow('[[1,}],2,3]'),
      `values_by_record[1][0] is not JSON: octet ${ROW + 4} should be a value`,
    ],
    ['half an escape, and no more', '{"times\\', 'member 1 is not JSON: octet 8 should be an escape'],
    ['half a body', '{"times":[1,2', 'times[1] is not JSON: octet 13 should be "," or "]"'],
    ['half a null', withRow('[nul,1,2]'), `values_by_record[1][0] is not JSON: octet ${ROW + 1} should be a value`],
  ])('has %s', (_what, body, message) => {
    const asked = ask(body);

    expect(asked.status).toBe(400);
    expect(asked.message).toContain(message);
    expect(asked.message).not.toMatch(/[\n\r]/);
    expect(JSON.parse(asked.text)).toEqual({ code: 400, message: asked.message, 'request-id': 'r-1' });
  });

  it.each([
    ['no base64', '!!!!', { isBase64: true }, 'the body is not base64'],
    ['no gzip', JSON.stringify(REQUEST), { contentEncoding: 'gzip' }, 'the body is not gzip'],
    [
      'half a gzip',
      gzipSync(JSON.stringify(REQUEST)).subarray(0, 40),
      { contentEncoding: 'gzip' },
      'the body is not gzip',
    ],
    [
      'octets behind a gzip',
      Buffer.concat([gzipSync(JSON.stringify(REQUEST)), Buffer.from('more')]),
      { contentEncoding: 'gzip' },
      'the body is not gzip',
    ],
  ])('is %s', (_what, body, delivery, message) => {
    expect(ask(body, delivery)).toMatchObject({ status: 400, message });
  });
});

describe('a request that is refused with 415', () => {
  const TYPES = 'content-type must be application/json, in UTF-8, or application/octet-stream';
  it.each([
    ['text', { contentType: 'text/plain;charset=UTF-8' }, TYPES],
    ['what curl says by itself', { contentType: 'application/x-www-form-urlencoded' }, TYPES],
    ['another charset', { contentType: 'application/json; charset=iso-8859-1' }, TYPES],
    ['nothing', { contentType: '' }, TYPES],
    ['brotli', { contentEncoding: 'br' }, 'content-encoding must be gzip, or none'],
    ['gzip twice', { contentEncoding: 'gzip, gzip' }, 'content-encoding must be gzip, or none'],
  ])('is %s', (_what, delivery, message) => {
    expect(ask(REQUEST, delivery)).toMatchObject({ status: 415, message, facts: { octets: 110 } });
  });
});

describe('an answer', () => {
  it('is JSON that no cache keeps, of whatever status', () => {
    for (const body of [JSON.stringify(REQUEST), '{}']) {
      const { headers } = answerSurvival({ body }, { minEvents: 5, requestId: 'r' });
      expect(headers).toEqual({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    }
  });

  it('brings what may be logged: sizes, times, counts', () => {
    const { facts } = ask(gzipSync(JSON.stringify(REQUEST)), { contentEncoding: 'gzip' });

    expect(facts).toEqual({
      octets: gzipSync(JSON.stringify(REQUEST)).length,
      read: 110,
      format: 'json',
      encoding: 'gzip',
      n: 6,
      m: 2,
      parseMs: expect.any(Number) as number,
      fitMs: expect.any(Number) as number,
      statuses: { ok: 2 },
    });
  });
});
