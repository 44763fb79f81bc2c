import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { encodeBinaryBody } from '../../../src/survival/service/binary-body.ts';
import { SERVICE_LIMITS } from '../../../src/survival/service/limits.ts';
import { buildProgram } from '../../support/build-program.ts';
import { ask, BINARY_TYPE, REQUEST } from './ask.ts';
import type { Asked } from './ask.ts';
import { HOSTILE, SUBJECTS } from './hostile-bodies.ts';

/** Of a processor, whatever else the machine does: a first time may have to be compiled, and is measured again. */
const MOST_MS = 1_000;
/** Of a whole process: Node itself, the body as text and as octets, what it inflates to, and the arrays made of that. */
const MOST_KIBIBYTES = 512 * 1024;
/** Of V8's heap, in MiB: what is large lies outside of it. */
const HEAP_MIB = 128;

function measured(send: () => Asked): readonly [Asked, number] {
  const began = process.cpuUsage();
  const asked = send();
  const { user, system } = process.cpuUsage(began);
  return [asked, (user + system) / 1_000];
}

function ones(n: number): string {
  return Array.from({ length: n }, () => 1).join(',');
}

describe('T115 what is made to cost more than it brings', () => {
  it.each(HOSTILE)('$what is refused with $status, soon, in a short line', ({ status, make, delivery }) => {
    const body = make();
    let [asked, took] = measured(() => ask(body, delivery));
    if (took >= MOST_MS) [asked, took] = measured(() => ask(body, delivery));

    expect(took).toBeLessThan(MOST_MS);
    expect(asked.status).toBe(status);
    expect(asked.message!.length).toBeLessThan(200);
  });

  it('takes no more memory than a process of a small function has', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trueup-hostile-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const program = join(folder, 'hostile.mjs');
    await buildProgram(new URL('hostile-process.ts', import.meta.url), program);

    const told = execFileSync(process.execPath, [`--max-old-space-size=${HEAP_MIB}`, program], { encoding: 'utf8' });

    const { statuses, kibibytes } = JSON.parse(told) as { readonly statuses: object; readonly kibibytes: number };
    expect(statuses).toEqual(HOSTILE.map(({ status }) => status));
    expect(kibibytes).toBeLessThan(MOST_KIBIBYTES);
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

  it('is told the most rows of its kind when it is a gzip that is itself too large', () => {
    const digits = (index: number): number => ((index * 48_271) % 2_147_483_647) / 2_147_483_647;
    const row = (at: number): readonly number[] => Array.from({ length: 480 }, (_, i) => digits(at * 480 + i + 1));
    const zip = (m: number): Buffer =>
      gzipSync(`${start}${Array.from({ length: m }, (_, at) => JSON.stringify(row(at))).join(',')}]}`);
    const send = (m: number): Asked => ask(zip(m).toString('base64'), { contentEncoding: 'gzip', isBase64: true });
    const refused = send(1_500);
    const rows = Number(/send at most (\d+) rows of 480 subjects/.exec(refused.message!)?.[1]);

    expect(refused.status).toBe(413);
    expect(send(rows).status).toBe(200);
    // Less would be cautious to no purpose.
    expect(rows).toBeGreaterThan(700);
  });

  it.each([
    [
      'of more subjects than a few',
      (n: number, values: string) => `{"times":[${values}],"events":[${ones(n)}],"values_by_record":[`,
    ],
    ['whose rows come first', (_n: number, values: string) => `{"values_by_record":[[${values}],`],
    ['whose times are long and come last', (n: number) => `{"events":[${ones(n)}],"times":[`],
  ])('is told the most rows for its subjects, %s', (_what, beginningOf) => {
    const n = 5_000;
    const values = Array.from({ length: n }, (_, index) => (index + 1) / 3e5).join(',');
    const text = `${beginningOf(n, values)}${' '.repeat(most)}`;

    expect(ask(text)).toMatchObject({
      status: 413,
      message: `the body has ${text.length} octets, ${most} are the most: send at most 58 rows of 5000 subjects a request`,
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
