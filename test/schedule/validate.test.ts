import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/operations/project.ts';
import { createEstate } from '../support/estate.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const OFFICE =
  'schedules: { office: { timezone: Europe/London, periods: [{ days: mon-fri, on: "08:30", off: "18:00" }] } }';

async function errorsOf(
  spec: readonly string[],
  settings = (yaml: string): string => yaml,
): Promise<readonly string[]> {
  const estate = await createEstate();
  estate.rewrite('settings.yaml', settings);
  mkdirSync(join(estate.directory, 'config/ec2'), { recursive: true });
  writeFileSync(join(estate.directory, 'config/ec2/office.yaml'), scheduleYaml(spec));
  const { result } = await loadConfig(join(estate.directory, 'config'), { cwd: estate.directory, now: NOW });
  return result.errors.map(({ code, path, message, hint }) => [code, path, message, hint].filter(Boolean).join(' | '));
}

describe('validate', () => {
  it.each<[string, readonly string[]]>([
    ['nothing but defaults', []],
    ['a schedule and an assignment', [OFFICE, 'assign: [{ select: { tags: { team: data } }, schedule: office }]']],
    ['a tag key with blanks', ['tagKey: Night Shift']],
    ['a window as long as the time between two runs', ['window: 10m']],
    ['a short window where nothing is missed', ['window: 1m', 'mode: desired']],
    ['enforce in mode desired', ['mode: desired', 'respectManual: enforce']],
    ['a run a month', ['every: rate(31 days)', 'mode: desired']],
  ])('takes %s', async (_what, spec) => {
    expect(await errorsOf(spec.length > 0 ? spec : ['mode: edge'])).toEqual([]);
  });

  it.each<[string, readonly string[], string]>([
    [
      'a zone that is none',
      [OFFICE.replace('Europe/London', 'Europe/Londn')],
      'TU1003 | /spec/schedules/office/timezone | spec.schedules.office.timezone: "Europe/Londn" is no IANA time zone | did you mean Europe/London?',
    ],
    ['a day that is none', [OFFICE.replace('mon-fri', 'mon-fry')], 'TU1003 | /spec/schedules/office/periods/0/days | '],
    [
      'a time that YAML read as a number',
      [OFFICE.replace('"08:30"', '0830')],
      'TU1017 | /spec/schedules/office/periods/0/on',
    ],
    ['a time that is none', [OFFICE.replace('08:30', '24:00')], 'TU1003 | /spec/schedules/office/periods/0/on'],
    [
      'a period that does nothing',
      [OFFICE.replace(', on: "08:30", off: "18:00"', '')],
      'TU1003 | /spec/schedules/office/periods/0',
    ],
    [
      'a day of the calendar that is none',
      [OFFICE.replace('] }', '], except: [2026-02-30] }')],
      'TU1003 | /spec/schedules/office/except/0',
    ],
    [
      'an override without a zone',
      [OFFICE.replace('] }', '], override: { until: "2026-12-01T00:00", state: on, reason: x } }')],
      'TU1003 | /spec/schedules/office/override/until',
    ],
    [
      'a schedule that is not declared',
      [OFFICE, 'assign: [{ select: { tags: { team: data } }, schedule: ofice }]'],
      'TU1029 | /spec/assign/0/schedule | spec.assign.0.schedule: this document has no schedule ofice | did you mean office?',
    ],
    [
      'a selector by the tag that is written',
      [OFFICE, 'assign: [{ select: { tags: { EntScheduler: legacy } }, schedule: office, override: true }]'],
      'TU1030 | /spec/assign/0/select/tags/EntScheduler | ',
    ],
    [
      'a selector by a tag of trueup',
      [OFFICE, 'assign: [{ select: { tags: { "trueup:schedule-error": x } }, schedule: office }]'],
      'TU1030 | /spec/assign/0/select/tags/trueup:schedule-error | ',
    ],
    [
      'a selector of nothing',
      [OFFICE, 'assign: [{ select: { tags: {} }, schedule: office }]'],
      'TU1003 | /spec/assign/0/select/tags',
    ],
    [
      'a window shorter than the time between two runs',
      ['window: 9m'],
      'TU1030 | /spec/window | spec.window is 9m, and rate(10 minutes) runs every 10 minutes: what falls between two windows never happens | window: 12m',
    ],
    [
      'a window of seconds',
      ['window: 90s'],
      'TU1030 | /spec/window | spec.window is 90s, and runs count whole minutes | window: 2m',
    ],
    ['enforce in mode edge', ['respectManual: enforce'], 'TU1030 | /spec/respectManual | '],
    ['T06 a tag key that JavaScript knows', ['tagKey: constructor'], 'TU1023 | /spec/tagKey | '],
    ['T06 a schedule that JavaScript knows', [OFFICE.replace('office', '__proto__')], 'TU10'],
    ['a tag key of AWS', ['tagKey: "aws:autoscaling:groupName"'], 'TU1003 | /spec/tagKey'],
    ['an account that Settings do not have', ['accounts: [nowhere]'], 'TU1020 | /spec/accounts/0'],
  ])('refuses %s', async (_what, spec, expected) => {
    const errors = await errorsOf(spec);

    expect(errors.length).toBeGreaterThan(0);
    expect(errors[0]?.slice(0, expected.length)).toBe(expected);
  });

  it('refuses more accounts and regions than the function’s policy has room for', async () => {
    const ids = Array.from({ length: 49 }, (_, index) => String(200_000_000_000 + index));
    const role = (id: string): string => `"arn:aws:iam::${id}:role/trueup"`;
    const accounts = ids.map(
      (id, index) => `    a${index}: { id: "${id}", planRole: ${role(id)}, applyRole: ${role(id)} }\n`,
    );
    const regions = Array.from({ length: 32 }, (_, index) => `ap-southeast-${index}`);
    const spec = [
      `accounts: [prod, ${ids.map((_, index) => `a${index}`).join(', ')}]`,
      `regions: [${regions.join(', ')}]`,
    ];

    const [error] = await errorsOf(spec, (yaml) =>
      yaml.replace('  defaultAccount', `${accounts.join('')}  defaultAccount`),
    );

    expect(error).toMatch(
      /^TU1028 \| \/spec\/regions \| a role of the document would have a policy of \d+ characters; IAM takes 10240/,
    );
  });
});
