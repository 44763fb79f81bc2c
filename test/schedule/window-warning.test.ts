import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/operations/project.ts';
import { createScheduleEstate } from '../support/schedule-estate.ts';

/** What `validate` says of a document with these lines under `spec`. */
async function validated(spec: readonly string[]) {
  const { directory, account } = await createScheduleEstate(spec);
  const { result } = await loadConfig(join(directory, 'config'), { cwd: directory, now: account.now() });
  return result;
}

const CRON = 'every: cron(0/10 8-18 ? * MON-FRI *)';

describe('TU1031 a window that a late run is not covered by', () => {
  it.each([
    [
      'window: 10m',
      { line: 5, column: 11, path: '/spec/window', hint: 'window: 12m' },
      'spec.window: runs look back 10 minutes, and a run of rate(10 minutes) that comes a minute late misses what fell due at the beginning of its window: a start or stop in between never happens',
    ],
    [
      CRON,
      { line: 5, column: 10, path: '/spec/every', hint: expect.stringContaining('mode: desired') },
      'spec.every: runs look back 12 minutes, and cron(0/10 8-18 ? * MON-FRI *) leaves up to 3670 minutes between two runs: a start or stop in between never happens',
    ],
  ])('%s: a warning with its place, and valid', async (line, place, message) => {
    const every = line === CRON ? [] : ['every: rate(10 minutes)'];
    const { ok, errors, warnings } = await validated([line, ...every]);

    expect({ ok, errors }).toEqual({ ok: true, errors: [] });
    expect(warnings).toMatchObject([{ code: 'TU1031', file: 'config/office.yaml', message, ...place }]);
  });

  it.each([
    ['a minute more', ['every: rate(10 minutes)', 'window: 11m']],
    ['the default', ['every: rate(10 minutes)']],
    ['the mode that makes up for it', [CRON, 'mode: desired']],
    ['a window over the longest gap', [CRON, 'window: 3d']],
  ])('%s: no warning', async (_, spec) => {
    expect(await validated(spec)).toMatchObject({ ok: true, errors: [], warnings: [] });
  });

  it('that is too short for any run is an error, and said once', async () => {
    const { ok, errors, warnings } = await validated(['every: rate(10 minutes)', 'window: 5m']);

    expect({ ok, codes: errors.map(({ code }) => code), warnings }).toEqual({
      ok: false,
      codes: ['TU1030'],
      warnings: [],
    });
  });
});
