import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runScheduleDecide } from './schedule-decide.ts';

const GOOD = '{"tag":"mon;0830;;","now":"2016-08-01T08:30:00Z","state":"stopped"}';
const LATE = GOOD.replace('08:30:00', '09:30:00');

interface Answer {
  readonly reason: string;
  readonly error?: { readonly code: string; readonly message: string; readonly path: string };
}

/** @param pieces as they come through the pipe. */
async function answers(pieces: readonly (string | Uint8Array)[]): Promise<readonly Answer[]> {
  const input = Readable.from(pieces.map((piece) => Buffer.from(piece)));
  const written: string[] = [];
  const output = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      setImmediate(done);
    },
  });
  expect(await runScheduleDecide(input, output)).toBe(0);
  const lines = written.join('').split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line) as Answer);
}

async function reasons(...pieces: readonly (string | Uint8Array)[]): Promise<readonly string[]> {
  return (await answers(pieces)).map(({ reason }) => reason);
}

describe('where a line ends', () => {
  const both = ['start due', 'nothing due'];
  it.each([
    ['LF', `${GOOD}\n${LATE}\n`, both],
    ['without a last LF', `${GOOD}\n${LATE}`, both],
    ['CR LF', `${GOOD}\r\n${LATE}\r\n`, both],
    ['a CR inside', `${GOOD.replaceAll(',', ',\r')}\n${LATE}\n`, both],
    ['CRs round', `\r${GOOD}\r\r\n\r\n${LATE}\r`, both],
    ['a CR between two', `${GOOD}\r${LATE}\n${LATE}`, ['cannot be read', 'nothing due']],
    ['a line separator in text', `${GOOD.replace('mon', 'm\u2028n')}\n${LATE}`, ['cannot be read', 'nothing due']],
    ['a byte order mark', `\ufeff${GOOD}\n${LATE}`, both],
    ['a byte order mark before CR LF', `\ufeff\r\n${GOOD}\r\n${LATE}`, both],
    ['a second byte order mark', `\ufeff\ufeff${GOOD}\n${LATE}`, ['cannot be read', 'nothing due']],
    ['a byte order mark further down', `${LATE}\n\ufeff${GOOD}`, ['nothing due', 'cannot be read']],
    ['empty lines', `\n\n${GOOD}\n \t\n\n${LATE}\n\n`, both],
    ['nothing', '', []],
    ['a byte order mark alone', '\ufeff', []],
  ])('%s', async (_what, text, expected) => {
    expect(await reasons(text)).toEqual(expected);
    // The same a byte at a time.
    expect(await reasons(...Array.from(Buffer.from(text), (byte) => Buffer.of(byte)))).toEqual(expected);
  });

  it('cuts no character in two', async () => {
    const found = await answers(Array.from(Buffer.from(GOOD.replace('mon', 'mön')), (byte) => Buffer.of(byte)));
    expect(found[0]?.error?.message).toContain('"mön"');
  });

  it('answers bytes that are no text', async () => {
    expect(await reasons(Buffer.of(0xff, 0xfe, 0x0a), `${GOOD}\n`, Buffer.of(0xc3))).toEqual([
      'cannot be read',
      'start due',
      'cannot be read',
    ]);
  });

  it('reads lines of 32 MiB, in pieces and after one another', async () => {
    const blank = Buffer.alloc(64 * 1024, ' ');
    const pieces = Array.from({ length: 512 }, () => blank);
    expect(await reasons('{', ...pieces, GOOD.slice(1), '\n', LATE, ...pieces, '\n', GOOD)).toEqual([
      'start due',
      'nothing due',
      'start due',
    ]);
  });

  it('reads many lines of one piece', async () => {
    const found = await reasons(`${GOOD}\n`.repeat(150_000).concat(LATE));
    expect([found.length, found[0], found.at(-1)]).toEqual([150_001, 'start due', 'nothing due']);
  });
});

describe('an odd line is answered by its own error, and the next one by its decision', () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  const rest = '"state":"stopped","tag":"mon;0700;fri;1800;"';
  const asked = '"now":"2016-08-01T08:30:00Z","state":"stopped"';
  const declared = (fields: string): string => `{${asked},"schedule":{${fields}}}`;
  it.each([
    ['a time that is no text', `{${rest},"now":{"toString":1}}`, 'bad-request', ''],
    ['a time of lists', `{${rest},"now":${deep}}`, 'bad-request', ''],
    ['a state of lists', `{"tag":"mon;0700;;","now":"2016-08-01T08:30:00Z","state":${deep}}`, 'bad-request', ''],
    ['a mode that is no text', `{${asked},"tag":"mon;0700;;","mode":{"valueOf":1,"toString":1}}`, 'bad-request', ''],
    ['a window that is no text', `{${asked},"tag":"mon;0700;;","window":{"toString":null}}`, 'bad-request', ''],
    ['a launch of lists', `{${asked},"tag":"mon;0700;;","launched":${deep}}`, 'bad-request', ''],
    ['a tag of lists', `{${asked},"tag":${deep}}`, 'bad-request', ''],
    ['a date that is no text', declared('"periods":[],"except":[{"toString":1}]'), 'bad-date', '/except/0'],
    ['a date of lists', declared(`"periods":[],"except":[${deep}]`), 'bad-date', '/except/0'],
    ['days of lists', declared(`"periods":[{"days":${deep},"on":"08:30"}]`), 'bad-shape', '/periods/0/days'],
    ['a schedule of lists', `{${asked},"schedule":${deep}}`, 'bad-shape', ''],
    ['rules', declared('"rules":[{}]'), 'bad-shape', ''],
    ['rules and periods', declared('"rules":[],"periods":[]'), 'bad-shape', ''],
    ['a prototype', declared('"__proto__":{"periods":[]}'), 'bad-shape', ''],
    ['a schedule of null', `{${asked},"schedule":null}`, 'bad-shape', ''],
    ['200,000 fields', declared(`"periods":[{${many(200_000)}}]`), 'bad-shape', '/periods/0'],
    ['200,000 dates', declared(`"periods":[],"except":[${'1,'.repeat(200_000)}1]`), 'bad-date', '/except/0'],
    ['lists', deep, 'bad-request', ''],
    ['null', 'null', 'bad-request', ''],
  ])('%s', async (_what, line, code, path) => {
    const [odd, next, ...more] = await answers([`${line}\n${GOOD}\n`]);
    expect(odd).toMatchObject({ action: 'none', reason: 'cannot be read', error: { code, path } });
    expect([next?.reason, more]).toEqual(['start due', []]);
  });

  function many(count: number): string {
    return Array.from({ length: count }, (_, index) => `"x${index}":1`).join(',');
  }
});
