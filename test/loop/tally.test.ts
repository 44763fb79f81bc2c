import { describe, expect, it } from 'vitest';
import { NOT_HEALED } from '../../src/engine/heal.ts';
import type { LeftAlone, NotHealed } from '../../src/engine/heal.ts';
import type { DriftResult } from '../../src/engine/types.ts';
import { loopIssue, loopReturnedComment } from '../../src/github/bodies/loop-issue.ts';
import { loopNotices } from '../../src/notify/loop-notice.ts';
import { renderWatch } from '../../src/report/render.ts';
import { watchResult } from '../../src/cli/watch-result.ts';
import { NOTHING_YET } from '../../src/operations/loop/state.ts';
import type { Tally } from '../../src/operations/loop/state.ts';
import { withDrift, withLeft } from '../../src/operations/loop/tally.ts';
import type { LoopAnswer } from '../../src/operations/loop/types.ts';

const LOOP = { address: 'ReconcileLoop/main', mode: 'heal' } as const;
const AT = '2026-11-24T10:00:00Z';
const TEXT = { format: 'text', width: 200, unicode: true, color: false } as const;
const ISSUE = { scope: 'loop/acme-network/main', owner: 'acme-network', at: AT };

type Drifted = DriftResult['drifted'][number];

function driftOf(name: string): Drifted {
  const found: Partial<Drifted> = {
    id: `InstanceSchedule/${name}/Rule`,
    document: `InstanceSchedule/${name}`,
    changes: [{ path: 'State', before: 'DISABLED', after: 'ENABLED', cause: 'drift' }],
  };
  return found as Drifted;
}

function named(prefix: string, number: number): readonly string[] {
  return Array.from({ length: number }, (_, index) => `${prefix}-${index}`);
}

function leftOf(why: NotHealed, number: number): readonly LeftAlone[] {
  return named(why, number).map((name) => ({ document: `ZoneMirror/${name}`, why }));
}

function answerOf(tally: Tally, over: Partial<LoopAnswer> = {}): LoopAnswer {
  const news = { opened: true, gone: false, failed: false };
  return { outcome: 'drifted', document: LOOP.address, mode: LOOP.mode, invocation: 1, ...tally, news, ...over };
}

/** What people are told of it: the issue, the notice, and the lines of a watch. */
function told(answer: LoopAnswer) {
  const found = {
    ...answer,
    drifted: answer.drifted.map(({ id, document, fields, undone }) => ({
      id,
      document,
      fields,
      ...(undone && { undone }),
    })),
  };
  const result = watchResult({ at: Date.parse(AT), answer }, LOOP);
  return {
    issue: loopIssue(found, ISSUE),
    returned: loopReturnedComment(found, ISSUE),
    notices: loopNotices(answer, answer.news, { estate: 'acme-network', at: AT }),
    result,
    text: renderWatch(result, TEXT),
  };
}

describe('51 differences of which the first 50 were undone', () => {
  const names = named('office', 51);
  const undone = new Set(names.slice(0, 50).map((name) => `InstanceSchedule/${name}`));
  const seen = { drifted: names.map(driftOf), missing: [] };
  const tally = withDrift({ ...NOTHING_YET, documents: 51, healed: 50 }, seen, undone);
  const { issue, notices, text } = told(answerOf(tally, { outcome: 'healed' }));

  it('name the one that is left, everywhere', () => {
    expect(tally).toMatchObject({ differences: 51, open: 1 });
    expect(tally.drifted[0]).toEqual({
      id: 'InstanceSchedule/office-50/Rule',
      document: 'InstanceSchedule/office-50',
      fields: ['State'],
    });
    expect(tally.drifted).toHaveLength(50);
    expect(issue.title).toBe('trueup drift: 1 object (ReconcileLoop/main)');
    expect(issue.body).toContain('| `~` | `InstanceSchedule/office-50` | 1 object changed outside git |');
    expect(issue.marker).toMatchObject({ documents: 1, objects: 1 });
    const opened = notices.find(({ event }) => event === 'drift-opened');
    expect(opened?.lines).toContain('- InstanceSchedule/office-50: 1 object changed outside git');
    expect(text).toMatch(/\n {4}~ InstanceSchedule\/office-50\/Rule {2}State\n/);
    expect(text).toContain('~ InstanceSchedule/office-0/Rule  State: put back\n');
  });

  it('are not all named as put back, and that is said', () => {
    const applied = notices.find(({ event }) => event === 'applied');
    expect(applied?.lines).toContain('and more documents');
  });

  it('are so as well over several looks', () => {
    const [first, second] = [names.slice(0, 50), names.slice(50)].map((some) => ({
      drifted: some.map(driftOf),
      missing: [],
    }));
    expect(withDrift(withDrift(NOTHING_YET, first!, undone), second!, undone).drifted).toEqual(tally.drifted);
  });
});

describe('300 documents that are left alone', () => {
  const tally = withLeft({ ...NOTHING_YET, documents: 300 }, leftOf('not-applied', 300));
  const { issue, notices, result, returned, text } = told(answerOf(tally));

  it('are 300 in the issue, the notice and the watch', () => {
    expect(tally.left).toHaveLength(50);
    expect(issue.title).toBe('trueup drift: 300 documents left alone (ReconcileLoop/main)');
    expect(issue.body).toContain('| | 250 more documents | trueup plan names all |');
    expect(returned).toBe('Drifted again: 300 documents left alone. 2026-11-24 10:00 UTC\n');
    expect(notices.map(({ title }) => title)).toEqual(['300 documents not applied']);
    expect(notices[0]?.lines).toContain('and more documents');
    expect(result).toMatchObject({ leftAlone: 300, left: { length: 50 } });
    expect(text).toContain('300 documents left alone of 300 documents\n');
    expect(text).toContain('      250 more documents: trueup plan names all\n');
  });

  it('are another issue than 299', () => {
    const fewer = withLeft(NOTHING_YET, leftOf('not-applied', 299));
    expect(fewer.left).toEqual(tally.left);
    expect(told(answerOf(fewer)).issue.marker.fingerprint).not.toBe(issue.marker.fingerprint);
  });

  it('wait for somebody also where what could not be looked at takes all names', () => {
    const both = withLeft(withLeft(NOTHING_YET, leftOf('not-applied', 60)), leftOf('unknown', 70));
    const {
      issue: mixed,
      notices: some,
      text: lines,
    } = told(answerOf(both, { outcome: 'partial', news: { opened: true, gone: false, failed: true } }));
    expect(mixed.title).toBe('trueup drift: 60 documents left alone (ReconcileLoop/main)');
    expect(mixed.body).toContain('| | 80 more documents |');
    expect(some.map(({ title }) => title)).toEqual(['70 documents could not be looked at', '60 documents not applied']);
    expect(some.map((notice) => notice.lines.includes('and more documents'))).toEqual([true, true]);
    expect(lines).toContain('130 documents left alone');
  });
});

describe('what is left', () => {
  it('is named by how soon somebody should know, over several looks', () => {
    const backwards = NOT_HEALED.toReversed();
    const tally = backwards.reduce<Tally>((sum, why) => withLeft(sum, leftOf(why, 12)), NOTHING_YET);
    expect([...new Set(tally.left.map(({ why }) => why))]).toEqual([...NOT_HEALED]);
    expect(tally.left.at(-1)?.why).toBe('spared');
    expect(tally.left).toHaveLength(50);
    expect(tally.leftAlone).toBe(60);
    expect(tally.reasons).toEqual({ unknown: 12, blocked: 12, guarded: 12, 'not-applied': 12, spared: 12 });
  });

  it('says why, cut where no part of an account is left', () => {
    const [arn, rest] = ['arn:aws:sts::111122223333:assumed-role/ops/alice', 'is not authorized'];
    for (let before = 230; before <= 310; before += 1) {
      const message = `${'x'.repeat(before)} ${arn} ${rest}`;
      const [one] = withLeft(NOTHING_YET, [{ document: 'ZoneMirror/corp', why: 'unknown', message }]).left;
      expect(one?.message?.length).toBeLessThanOrEqual(301);
      expect(one?.message?.replace(arn, '')).not.toMatch(/arn|\d/);
    }
  });
});
