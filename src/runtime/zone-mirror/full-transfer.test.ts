import { describe, expect, it } from 'vitest';
import { isFullTransferDue } from './full-transfer.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.parse('2026-11-24T00:00:00Z');

function timing(identity: string, fullTransferEvery = '24h') {
  return { schedule: 'rate(15 minutes)', fullTransferEvery, identity };
}

/** Runs every 15 minutes, each a little late; the environment is warm or forgets everything. */
function dueRuns(identity: string, isWarm: boolean, fullTransferEvery?: string, days = 7): number[] {
  const due: number[] = [];
  let last: number | undefined;
  for (let run = 0; run < (days * DAY) / (15 * MINUTE); run += 1) {
    const now = START + run * 15 * MINUTE + ((run * 7919) % 3_000);
    if (isFullTransferDue(timing(identity, fullTransferEvery), now, isWarm ? last : undefined)) due.push(now);
    last = now;
  }
  return due;
}

describe('a full transfer', () => {
  it('is due once a day in an environment that stays warm', () => {
    const due = dueRuns('acme/ZoneMirror/corp', true).slice(1);

    expect(due.length).toBeGreaterThanOrEqual(6);
    const gaps = due.slice(1).map((at, index) => at - due[index]!);
    for (const gap of gaps) expect(Math.abs(gap - DAY)).toBeLessThan(16 * MINUTE);
  });

  it('is never left out by an environment that is always cold, and seldom done twice', () => {
    const due = dueRuns('acme/ZoneMirror/corp', false);
    const days = new Set(due.map((at) => Math.floor(at / DAY)));

    expect(days.size).toBeGreaterThanOrEqual(7);
    expect(due.length).toBeLessThanOrEqual(15);
  });

  it('is not at the same time for all mirrors', () => {
    const firsts = Array.from({ length: 20 }, (_, index) => dueRuns(`acme/ZoneMirror/z${index}`, true).at(1));

    expect(new Set(firsts).size).toBeGreaterThan(10);
  });

  it('is due in each run where the period is the schedule’s', () => {
    expect(dueRuns('acme/ZoneMirror/corp', true, '15m', 1)).toHaveLength(96);
  });
});
