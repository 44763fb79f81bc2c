import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/engine/types.ts';
import { applyNotice, brokenNotice } from '../../src/notify/apply-notice.ts';
import { driftGoneNotice, driftOpenedNotice } from '../../src/notify/drift-notice.ts';
import { loopNotices } from '../../src/notify/loop-notice.ts';
import type { LoopNews } from '../../src/notify/loop-notice.ts';
import type { Notice } from '../../src/notify/notice.ts';
import { slackMessage } from '../../src/notify/slack-blocks.ts';
import { snsMessage } from '../../src/notify/sns-text.ts';
import {
  doneApply,
  drifted,
  guardedApply,
  mixedPlan,
  muchDrift,
  noDrift,
  partialApply,
  refusedApply,
} from '../golden/fixtures.ts';
import { hostileLoop, loopDrifted, loopHealed, loopInLine, loopMixed } from '../golden/loop-fixtures.ts';
import { golden } from '../support/golden.ts';
import { hostileApply, hostileDrift } from '../golden/hostile-fixtures.ts';
import { HOSTILE } from './hostile.ts';

const FACTS = {
  estate: 'acme-network',
  at: '2026-11-24T10:00:00.000Z',
  url: 'https://github.com/acme/infra/actions/runs/7',
} as const;

function shown(notice: Notice): string {
  const { subject, message, attributes } = snsMessage(notice);
  const slack = JSON.stringify(slackMessage(notice), null, 2);
  return `${subject}\n${JSON.stringify(attributes)}\n\n${message}\n${slack}\n`;
}

const NO_NEWS: LoopNews = { opened: false, gone: false, failed: false };
const ALL_NEWS: LoopNews = { opened: true, gone: true, failed: true };
const LOOP_FACTS = { estate: FACTS.estate, at: FACTS.at };

const NOTICES: readonly (readonly [name: string, notice: Notice | undefined])[] = [
  ['applied', applyNotice(doneApply, { ...FACTS, plan: mixedPlan })],
  ['partial', applyNotice(partialApply, FACTS)],
  ['stale', applyNotice({ ...refusedApply, reviews: [reviewOf(12), reviewOf(13)] }, FACTS)],
  ['guarded', applyNotice(guardedApply, FACTS)],
  ['broken', brokenNotice('TU2006', FACTS)],
  ['drift-opened', driftOpenedNotice(drifted, FACTS)],
  ['much-drift', driftOpenedNotice(muchDrift, { estate: FACTS.estate, at: FACTS.at })],
  ['drift-gone', driftGoneNotice(noDrift, FACTS)],
  ['hostile-apply', applyNotice(hostileApply(HOSTILE), { ...FACTS, estate: HOSTILE })],
  ['hostile-drift', driftOpenedNotice(hostileDrift(HOSTILE), { ...FACTS, url: `https://x.example/${HOSTILE}` })],
  ['loop-healed', loopNotices(loopHealed, NO_NEWS, LOOP_FACTS)[0]],
  ['loop-opened', loopNotices(loopDrifted, { ...NO_NEWS, opened: true }, FACTS)[0]],
  ['loop-gone', loopNotices(loopInLine, { ...NO_NEWS, gone: true }, FACTS)[0]],
  ['loop-failed', loopNotices(loopMixed, ALL_NEWS, LOOP_FACTS)[0]],
  ['loop-mixed', loopNotices(loopMixed, ALL_NEWS, LOOP_FACTS)[1]],
  ...loopNotices(hostileLoop(HOSTILE), ALL_NEWS, { ...LOOP_FACTS, estate: HOSTILE }).map(
    (notice) => [`hostile-loop-${notice.event}`, notice] as const,
  ),
];

function reviewOf(pull: number) {
  return { pull, head: 'a'.repeat(40), digest: 'b'.repeat(64), outcome: 'stale' as const };
}

describe('a notice', () => {
  it.each(NOTICES)('reads as reviewed: %s', (name, notice) => {
    const text = shown(notice!);
    expect(text).toBe(golden(`notify/${name}.txt`, text));
  });

  it.each<[Outcome, Notice['event'] | undefined]>([
    ['applied', 'applied'],
    ['nothing', undefined],
    ['interrupted', undefined],
    ['stale', 'failed'],
    ['refused', 'failed'],
    ['partial', 'failed'],
    ['not-converged', 'failed'],
  ])('of an apply that ended %s is %s', (outcome, event) => {
    expect(applyNotice({ ...doneApply, outcome }, FACTS)?.event).toBe(event);
  });

  it('names documents once each, sorted, and of an error no more than its name', () => {
    const failed = [
      { id: 'ZoneMirror/b/Zone', error: 'InvalidInputException: the comment s3cret-value is too long' },
      { id: 'ZoneMirror/a/Zone', error: 's3cret-value: no name of an error' },
    ];
    const done = ['ZoneMirror/c/Zone', 'ZoneMirror/c/Alarm', 'ZoneMirror/a/Alarm'];
    const notice = applyNotice({ ...partialApply, done, failed }, FACTS)!;

    expect(notice.documents).toEqual(['ZoneMirror/a', 'ZoneMirror/b', 'ZoneMirror/c']);
    expect(notice.lines).toEqual(
      expect.arrayContaining([
        '- ZoneMirror/a: failed',
        '- ZoneMirror/b: failed (InvalidInputException)',
        '- ZoneMirror/c: 2 changes',
      ]),
    );
    expect(shown(notice)).not.toContain('s3cret');
  });

  it('of drift that is only what nobody applied, and of orphans, says so', () => {
    const finding = { document: 'ZoneMirror/a', code: 'not-applied', severity: 'info', message: 'x' } as const;
    const orphan = {
      id: 'ZoneMirror/o/Zone',
      type: 'x',
      resource: 'x',
      account: 'x',
      region: 'x',
      action: 'none',
    } as const;
    const notice = driftOpenedNotice(
      { ...noDrift, findings: [finding, finding], orphans: Array.from({ length: 5 }, () => orphan) },
      FACTS,
    );
    expect(notice).toMatchObject({ title: '1 document not applied, 5 orphans', documents: ['ZoneMirror/a'] });
    expect(notice.lines).toEqual(expect.arrayContaining(['- ZoneMirror/a: not applied', 'and 2 more orphans']));
  });
});

describe('the notices of a loop', () => {
  it.each<[string, readonly Notice[], readonly Notice['event'][]]>([
    ['in line as before', loopNotices(loopInLine, NO_NEWS, LOOP_FACTS), []],
    ['drifted as before', loopNotices(loopDrifted, NO_NEWS, LOOP_FACTS), []],
    ['failed as before', loopNotices({ ...loopMixed, healed: 0, applied: 0 }, NO_NEWS, LOOP_FACTS), []],
    ['healed', loopNotices(loopHealed, NO_NEWS, LOOP_FACTS), ['applied']],
    ['in line again', loopNotices(loopInLine, { ...NO_NEWS, gone: true }, LOOP_FACTS), ['drift-gone']],
    ['not seen whole', loopNotices({ ...loopInLine, outcome: 'partial' }, { ...NO_NEWS, gone: true }, LOOP_FACTS), []],
    ['all at once', loopNotices(loopMixed, ALL_NEWS, LOOP_FACTS), ['failed', 'applied', 'drift-opened']],
  ])('of a run that is %s', (_, notices, events) => {
    expect(notices.map(({ event }) => event)).toEqual(events);
  });

  it('say how much was done, and show no value', () => {
    expect(loopNotices(loopMixed, ALL_NEWS, LOOP_FACTS).map(({ title }) => title)).toEqual([
      '5 failures of the loop, 1 document could not be looked at',
      '2 changes applied, 1 change healed',
      '1 object drifted, 1 document spared, 1 document not applied, 1 document blocked',
    ]);
    expect(loopNotices(loopMixed, ALL_NEWS, LOOP_FACTS).map(shown).join('')).not.toContain('s3cret');
  });
});

describe('whatever it holds', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc
      .array(fc.constantFrom(...Array.from(HOSTILE), '<!channel>', '\n', '~', 'https://'), { maxLength: 600 })
      .map((parts) => parts.join('')),
  );
  const notices: fc.Arbitrary<Notice> = fc.record({
    event: fc.constantFrom('applied', 'failed', 'drift-opened', 'drift-gone'),
    estate: text.map((name) => `e${name}`),
    title: text,
    lines: fc.array(text, { maxLength: 200 }),
    url: fc.oneof(text, fc.webUrl({ withFragments: true, withQueryParameters: true })),
    at: text,
    documents: fc.constant([]),
  });

  it('Slack takes it, and it mentions nobody and links nowhere but to the run', () => {
    fc.assert(
      fc.property(notices, (notice) => {
        const { blocks, text: head } = slackMessage(notice);
        expect(blocks.length).toBeLessThanOrEqual(50);
        for (const [index, block] of blocks.entries()) {
          const isLast = index === blocks.length - 1;
          const said = isLast ? block.text.text.replace(/^<https?:[^<>|]*\|more>(?:, )?/, '') : block.text.text;
          expect(block.text).toMatchObject({ type: 'mrkdwn', verbatim: true });
          expect(block.text.text.length).toBeLessThanOrEqual(3_000);
          expect(said).not.toMatch(/[<>@`~]|:\/\/|&(?!(?:amp|lt|gt);)/);
          expect(index === 0 ? said.replace(/^\*(.*)\*$/, '$1') : said).not.toContain('*');
          expect(block.text.text).not.toBe('');
        }
        expect(head).not.toMatch(/[<>@\n]/);
      }),
      { numRuns: 300 },
    );
  });

  it('SNS takes it, and each line of it is one line', () => {
    fc.assert(
      fc.property(notices, (notice) => {
        const { subject, message, attributes } = snsMessage(notice);
        expect(subject).toMatch(/^trueup [\x20-\x7e]{1,92}$/);
        expect(message.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cf}|\p{Zl}/u);
        expect(message.split('\n').length).toBeLessThanOrEqual(68);
        expect(Buffer.byteLength(message)).toBeLessThan(262_144);
        expect(Object.keys(attributes)).toEqual(['event', 'owner']);
        expect(attributes['owner']).toMatch(/^[\x20-\x7e]+$/);
      }),
      { numRuns: 300 },
    );
  });
});
