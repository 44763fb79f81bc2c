import { describe, expect, it } from 'vitest';
import { LOOK, manyDriftedResult } from '../../../test/golden/body-fixtures.ts';
import { drifted, muchDrift, noDrift } from '../../../test/golden/fixtures.ts';
import { readMarker } from '../marker.ts';
import type { Culprit } from '../../engine/types.ts';
import { driftIssue, goneComment, returnedComment } from './drift-issue.ts';
import { BODY_LIMIT } from './room.ts';

const facts = { ...LOOK, scope: 'default' };
const [record] = drifted.drifted;
const [, zone] = muchDrift.drifted;
const fingerprint = (result: typeof drifted): string => driftIssue(result, facts).marker.fingerprint;

describe('the fingerprint of drift', () => {
  it.each([
    ['the calls', { calls: {} }],
    ['how many documents there are', { documents: 99 }],
    ['a note', { findings: [{ document: 'a/b', code: 'x', severity: 'info', message: 'm' }] }],
    [
      'where the serial is',
      { drifted: [{ ...record!, changes: [{ ...record!.changes[0]!, before: { serial: 7 } }] }] },
    ],
  ] as const)('does not follow %s', (_, over) => {
    expect(fingerprint({ ...drifted, ...over })).toBe(fingerprint(drifted));
  });

  it('does not follow the sentence of a finding, which may name a request', () => {
    const reworded = muchDrift.findings.map((finding) => ({ ...finding, message: `${finding.message} (request 7)` }));
    expect(fingerprint({ ...muchDrift, findings: reworded })).toBe(fingerprint(muchDrift));
  });

  it.each([
    ['what was found', { drifted: [{ ...zone!, changes: [{ ...zone!.changes[0]!, before: 'theirs' }] }] }],
    ['who it was', { drifted: [{ ...zone!, who: { ...(record!.who as Culprit), confidence: 'exact' } }] }],
    ['what is missing', { drifted: [zone!], missing: muchDrift.missing }],
    ['an orphan', { drifted: [zone!], orphans: muchDrift.orphans }],
    ['a warning', { drifted: [zone!], findings: muchDrift.findings }],
    ['whether all was seen', { drifted: [zone!], complete: false }],
    ['a record', { drifted: [zone!], effects: muchDrift.effects }],
  ] as const)('follows %s', (_, over) => {
    const base = { ...drifted, drifted: [zone!], effects: [] };
    expect(fingerprint({ ...base, ...over })).not.toBe(fingerprint(base));
  });

  it('of the same drift at another time is the same, and so is the body', () => {
    const later = {
      scope: 'default',
      at: '2026-11-24T10:17:00Z',
      run: { url: 'https://github.com/a/b/actions/runs/2' },
    };
    expect(driftIssue(drifted, later)).toEqual(driftIssue(drifted, facts));
    expect(driftIssue(muchDrift, later).marker).toEqual(driftIssue(muchDrift, facts).marker);
  });
});

describe('the issue', () => {
  it('has who, when, and the two ways back', () => {
    const { title, body, marker } = driftIssue(drifted, facts);
    expect(title).toBe('trueup drift: 1 document of 12 drifted, 1 object');
    expect(readMarker(body, 'drift')).toEqual(marker);
    expect(body).toContain('`2026-11-22 23:14 UTC` by `role ops/on-call` (`ChangeResourceRecordSets`, likely)');
    expect(body).toContain('\n    heal:    trueup apply --only ZoneMirror/corp\n');
    expect(driftIssue(muchDrift, facts).body).toContain('\n    accept:  trueup drift --accept ZoneMirror/corp\n');
    expect(body).not.toContain('could not look');
  });

  it('says when it could not look at everything', () => {
    expect(driftIssue(muchDrift, facts).body).toContain(
      `> - could not look at everything (2026-11-23 10:17 UTC · [run](${LOOK.run.url}))`,
    );
  });

  it('of 5,000 objects fits, and counts what it does not list', () => {
    const { body, marker } = driftIssue(manyDriftedResult(), facts);
    expect(marker).toMatchObject({ documents: 5_000, objects: 5_000 });
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(BODY_LIMIT);
    const rows = body.match(/^\| `~` \| `ZoneMirror\/site-\d{4}` \|/gmu) ?? [];
    const [, more = ''] = /^\| \| ([\d,]+) more of `ZoneMirror` \|/mu.exec(body) ?? [];
    expect(rows.length + Number(more.replace(',', ''))).toBe(5_000);
  });
});

describe('its comments', () => {
  const { marker } = driftIssue(drifted, facts);

  it('close and reopen it, with the run that saw it', () => {
    expect(goneComment(LOOK)).toContain(`no drift. 2026-11-23 10:17 UTC · [run](${LOOK.run.url})`);
    expect(returnedComment(marker, LOOK)).toContain('Drifted again: 1 document, 1 object.');
  });

  it('have nothing to count where nothing drifted', () => {
    expect(driftIssue(noDrift, facts).marker).toMatchObject({ documents: 0, objects: 0 });
  });
});
