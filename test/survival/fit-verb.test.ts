import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { encodeBinaryBody } from '../../src/survival/service/binary-body.ts';
import { SERVICE_LIMITS } from '../../src/survival/service/limits.ts';
import { CLI } from '../support/cli-process.ts';
import { ask, REQUEST } from './service/ask.ts';

const MAX_BUFFER = 64 * 1024 * 1024;
const { times, events, values_by_record: values } = REQUEST;

/** In a folder without a configuration. */
function fit(input: string | Uint8Array, ...flags: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'survival', 'fit', ...flags], {
    cwd: tmpdir(),
    input,
    encoding: 'utf8',
    maxBuffer: MAX_BUFFER,
  });
  return { exit: status, stdout, stderr };
}

describe('survival fit', () => {
  it('prints what the service answers, and nothing else', () => {
    const whole = { exit: 0, stdout: `${ask(REQUEST, { minEvents: 5 }).text}\n`, stderr: '' };
    const octets = encodeBinaryBody({ times, events, values, valueOctets: 8 });

    expect(fit(JSON.stringify(REQUEST))).toEqual(whole);
    expect(fit(gzipSync(JSON.stringify(REQUEST)))).toEqual(whole);
    expect(fit(octets, '--binary')).toEqual(whole);
    expect(fit(gzipSync(octets), '--binary')).toEqual(whole);
  });

  it('has few events by the number that is asked for, five by default', () => {
    const statuses = (...flags: readonly string[]): readonly string[] =>
      (
        JSON.parse(fit(JSON.stringify(REQUEST), ...flags).stdout) as {
          readonly statistics_list: readonly { readonly status: string }[];
        }
      ).statistics_list.map(({ status }) => status);

    expect(statuses()).toEqual(['few_events', 'few_events']);
    expect(statuses('--min-events', '4')).toEqual(['ok', 'ok']);
  });

  it.each([
    ['no event', { ...REQUEST, events: [0, 0, 0, 0, 0, 0] }, '0 of 6 samples have an event; at least 1 is needed'],
    [
      'a short row',
      { ...REQUEST, values_by_record: [[1]] },
      'values_by_record[0] has 1 entry, times has 6: every row has all subjects',
    ],
  ])('with %s prints the refusal and ends with 1', (_what, request, message) => {
    const { exit, stdout, stderr } = fit(JSON.stringify(request));

    expect([exit, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toEqual({ code: 400, message, 'request-id': 'local' });
  });

  it('without input refuses what is empty, and JSON where octets were promised', () => {
    expect(fit('')).toMatchObject({ exit: 1, stdout: expect.stringContaining('the body is empty') as string });
    expect(fit(JSON.stringify(REQUEST), '--binary')).toMatchObject({
      exit: 1,
      stdout: expect.stringContaining('the body does not begin with TUSV') as string,
    });
  });

  it.each([['0'], ['-1'], ['five']])('ends with 64 where --min-events is %s', (count) => {
    expect(fit('', '--min-events', count)).toMatchObject({ exit: 64, stdout: '' });
  });

  it('takes more than the service does, and writes all of it into a file', () => {
    const rows = Array.from({ length: 40_000 }, (_, index) => values[0].map((value) => value + index / 7));
    const body = encodeBinaryBody({ times, events, values: rows, valueOctets: 8 });
    const directory = mkdtempSync(join(tmpdir(), 'trueup-fit-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const file = openSync(join(directory, 'answer.json'), 'w');

    const { status } = spawnSync(process.execPath, [CLI, 'survival', 'fit', '--binary'], {
      input: body,
      stdio: ['pipe', file, 'inherit'],
    });
    closeSync(file);

    expect(status).toBe(0);
    const text = readFileSync(join(directory, 'answer.json'), 'utf8');
    expect(text.length).toBeGreaterThan(SERVICE_LIMITS.answer);
    const { statistics_list: list } = JSON.parse(text) as { readonly statistics_list: readonly object[] };
    expect(list).toHaveLength(40_000);
  });
});
