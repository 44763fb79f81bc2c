import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CLI } from './support/cli-process.ts';

vi.setConfig({ testTimeout: 60_000 });

interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** In an empty folder: neither verb needs a configuration. */
function run(args: readonly string[], input = '', environment: NodeJS.ProcessEnv = {}, cwd = tmpdir()): Promise<Ended> {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', NO_COLOR: '1', CI: undefined, ...environment };
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on('close', (exit) => resolve({ exit, ...said }));
  });
}

const OFFICE = 'mon,tue,wed,thu,fri;0830;mon,tue,wed,thu,fri;1800;';

describe('schedule decide', () => {
  it('answers line by line, in order, also those that it cannot read', async () => {
    const machine = { state: 'stopped', window: '12m' };
    const lines = [
      { ...machine, tag: OFFICE, now: '2016-08-01T08:42:59Z' },
      { ...machine, tag: 'mon;830;fri;1800;', now: '2016-08-01T08:30:00Z' },
      'no JSON \u001b[31m',
      { ...machine, tag: OFFICE, now: '2016-08-01T08:43:00Z' },
      { ...machine, schedule: { periods: [{ days: 'mon, x', on: '08:30' }] }, now: '2016-08-01T08:30:00Z' },
      { ...machine, schedule: { timezone: 'UTC', rules: [], except: [] }, now: '2016-08-01T08:30:00Z' },
      {
        schedule: { timezone: 'Europe/London', periods: [{ days: 'mon-fri', on: '08:30', off: '18:00' }] },
        mode: 'desired',
        now: '2026-11-28T12:00:00Z',
        state: 'running',
        launched: '2026-11-27T08:30:20Z',
      },
      { ...machine, tag: '\u202e##[error]', now: '2016-08-01T08:30:00Z' },
    ];
    const input = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n\n');

    const { exit, stdout, stderr } = await run(['schedule', 'decide', '--ndjson'], input);

    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { action: string; error?: object });
    expect([exit, stderr]).toEqual([0, '']);
    expect(answers).toEqual([
      {
        action: 'start',
        reason: 'start due',
        edge: { at: '2016-08-01T08:30:00Z', local: '2016-08-01 08:30', action: 'start' },
      },
      { action: 'none', reason: 'cannot be read', error: expect.objectContaining({ code: 'bad-time', column: 5 }) },
      { action: 'none', reason: 'cannot be read', error: expect.objectContaining({ code: 'bad-request', column: 1 }) },
      { action: 'none', reason: 'nothing due' },
      {
        action: 'none',
        reason: 'cannot be read',
        error: expect.objectContaining({ code: 'unknown-day', column: 6, path: '/periods/0/days' }),
      },
      { action: 'none', reason: 'cannot be read', error: expect.objectContaining({ code: 'bad-shape' }) },
      expect.objectContaining({ action: 'stop', reason: 'should be stopped' }),
      { action: 'none', reason: 'cannot be read', error: expect.objectContaining({ code: 'too-few-parts' }) },
    ]);
    expect(stdout).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}|##\[/u);
  });

  it('keeps up with 10,000 lines, half of them hostile (T87)', async () => {
    const good = JSON.stringify({ tag: OFFICE, now: '2016-08-01T08:30:00Z', state: 'stopped' });
    const bad = JSON.stringify({ tag: ','.repeat(256), now: '2016-08-01T08:30:00Z', state: 'stopped' });
    const { exit, stdout } = await run(['schedule', 'decide'], `${good}\n${bad}\n`.repeat(5_000));
    const actions = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { action: string }).action);
    expect([exit, actions.length, actions.filter((action) => action === 'start').length]).toEqual([0, 10_000, 5_000]);
    expect(actions.slice(0, 2)).toEqual(['start', 'none']);
  });

  it('ends without a line where nothing is asked', async () => {
    expect(await run(['schedule', 'decide', '--ndjson'], '')).toEqual({ exit: 0, stdout: '', stderr: '' });
  });
});

describe('preview schedule', () => {
  it('prints what a tag does, in UTC and on other clocks', async () => {
    const args = ['preview', 'schedule', OFFICE, '--from', '2026-03-27', '--days', '4', '--format', 'json'];
    const [utc, london] = await Promise.all([run(args), run([...args, '--timezone', 'Europe/London'])]);
    expect([utc.exit, london.exit]).toEqual([0, 0]);
    expect(JSON.parse(utc.stdout)).toEqual({
      format: 'trueup/preview@1',
      schedule: OFFICE,
      timezone: 'UTC',
      from: '2026-03-27T00:00:00Z',
      to: '2026-03-31T00:00:00Z',
      disabled: false,
      initial: 'off',
      transitions: [
        { at: '2026-03-27T08:30:00Z', local: '2026-03-27 08:30', action: 'start' },
        { at: '2026-03-27T18:00:00Z', local: '2026-03-27 18:00', action: 'stop' },
        { at: '2026-03-30T08:30:00Z', local: '2026-03-30 08:30', action: 'start' },
        { at: '2026-03-30T18:00:00Z', local: '2026-03-30 18:00', action: 'stop' },
      ],
    });
    expect(JSON.parse(london.stdout)).toMatchObject({
      to: '2026-03-30T23:00:00Z',
      transitions: [{ local: '2026-03-27 08:30' }, {}, { at: '2026-03-30T08:30:00Z', local: '2026-03-30 09:30' }, {}],
    });
  });

  it('begins today by the clock, and at a moment that is named', async () => {
    const args = ['preview', 'schedule', OFFICE, '--days', '1', '--format', 'json'];
    const clock = { TRUEUP_NOW: '2026-11-24T01:30:00Z' };
    const [today, away, moment] = await Promise.all([
      run(args, '', clock),
      run([...args, '--timezone', 'America/New_York'], '', clock),
      run([...args, '--from', '2026-11-24T10:15Z'], '', clock),
    ]);
    expect([today, away, moment].map(({ stdout }) => (JSON.parse(stdout) as { from: string }).from)).toEqual([
      '2026-11-24T00:00:00Z',
      '2026-11-23T05:00:00Z',
      '2026-11-24T10:15:00Z',
    ]);
  });

  it('draws', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'trueup-preview-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const args = ['preview', 'schedule', OFFICE, '--from', '2026-11-23', '--out'];
    const [svg] = await Promise.all([
      run([...args, 'week.svg'], '', {}, directory),
      run([...args, 'week.json'], '', {}, directory),
    ]);
    expect(svg.stdout).toContain('  Mon 23  ▕········▐█████████······▏  start 08:30\n');
    expect(svg.stdout).toMatch(/\nSchedule: 5 starts, 5 stops; on for 1 d 23 h of 7 d\.\n$/);
    expect(readFileSync(join(directory, 'week.svg'), 'utf8')).toMatch(/^<svg [^]*<title [^]*<\/svg>\n$/);
    expect(JSON.parse(readFileSync(join(directory, 'week.json'), 'utf8'))).toMatchObject({
      format: 'trueup/preview@1',
    });
  });

  it.each([
    ['a tag that is none', ['mon;2400;fri;1800'], { code: 'TU0007', column: 5, fault: 'bad-time' }],
    ['a zone that is none', [OFFICE, '--timezone', 'Mars/Olympus'], { code: 'TU0001' }],
    ['a time that is none', [OFFICE, '--from', 'tomorrow'], { code: 'TU0001' }],
    ['a time without a zone', [OFFICE, '--from', '2026-11-23T08:00'], { code: 'TU0001' }],
    ['no days', [OFFICE, '--days', '0'], { code: 'TU0001' }],
    ['a period beyond the calendar', [OFFICE, '--from', '9998-12-30'], { code: 'TU0001' }],
  ])('refuses %s', async (_what, args, error) => {
    const { exit, stdout } = await run(['preview', 'schedule', ...args, '--format', 'json']);
    expect(exit).toBe(64);
    expect(JSON.parse(stdout)).toMatchObject({ format: 'trueup/error@1', error });
  });
});
