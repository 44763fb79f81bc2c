import { describe, expect, it } from 'vitest';
import { loopDrifted, loopHealed, loopMixed, manyLoopDrifted } from '../../../test/golden/loop-fixtures.ts';
import { readMarker } from '../marker.ts';
import { loopIssue } from './loop-issue.ts';
import type { LoopIssueFound } from './loop-issue.ts';
import { BODY_LIMIT } from './room.ts';

const facts = { scope: 'loop/acme-network/main', owner: 'acme-network', at: '2026-11-23T10:17:00Z' };
const fingerprint = (found: LoopIssueFound): string => loopIssue(found, facts).marker.fingerprint;
const [first, second, third] = loopDrifted.drifted;

describe('the fingerprint of what a loop left', () => {
  it.each<[string, Partial<LoopIssueFound>]>([
    ['how many documents there are', { documents: 99 }],
    ['what was done', { healed: 7, applied: 7 }],
    ['what was undone', { drifted: [...loopDrifted.drifted, ...loopHealed.drifted] }],
    ['in which order it is named', { drifted: [third!, first!, second!] }],
  ])('does not follow %s', (_, over) => {
    expect(fingerprint({ ...loopDrifted, ...over })).toBe(fingerprint(loopDrifted));
  });

  it('does not follow what a failure says, which may name a request', () => {
    const reworded = loopMixed.failed.map(({ id }) => ({ id, error: 'request 7' }));
    expect(fingerprint({ ...loopMixed, failed: reworded })).toBe(fingerprint(loopMixed));
  });

  it.each<[string, Partial<LoopIssueFound>]>([
    ['what differs', { drifted: [{ ...first!, fields: ['State'] }, second!, third!] }],
    ['who it was', { drifted: [{ ...first!, who: { ...first!.who!, actor: 'x' } }, second!, third!] }],
    ['how much is left', { open: 4 }],
    ['what waits', { left: [] }],
    ['why it waits', { left: [{ document: 'ZoneMirror/lab', why: 'blocked' }] }],
    ['what failed', { failed: [{ id: 'ZoneMirror/lab', error: 'x' }] }],
    ['whether all was seen', { outcome: 'partial' }],
    ['the mode', { mode: 'heal' }],
  ])('follows %s', (_, over) => {
    expect(fingerprint({ ...loopDrifted, ...over })).not.toBe(fingerprint(loopDrifted));
  });
});

describe('the issue of a loop', () => {
  it('is the same at another time, where all was seen', () => {
    expect(loopIssue(loopDrifted, { ...facts, at: '2026-11-24T10:17:00Z' })).toEqual(loopIssue(loopDrifted, facts));
  });

  it('has its marker, the mode, who and when, the ways back, and what waits', () => {
    const { title, body, marker } = loopIssue(loopDrifted, facts);
    expect(title).toBe('trueup drift: 3 objects, 1 document left alone (ReconcileLoop/main)');
    expect(readMarker(body, 'drift')).toEqual(marker);
    expect(marker).toMatchObject({ scope: 'loop/acme-network/main', documents: 2, objects: 3 });
    expect(body).toContain('mode report: ');
    expect(body).toContain('`2026-11-22 23:14 UTC` by `role ops/on-call` (`PutRule`)');
    expect(body).toContain('\n    heal:    trueup apply --only ZoneMirror/corp\n');
    expect(body).toContain('\n    accept:  trueup drift --accept InstanceSchedule/office\n');
    // Records and what is gone are nothing that a document could say.
    expect(body).not.toContain('--accept ZoneMirror/corp');
    expect(body).toContain('| `=` | `ZoneMirror/lab` | `not-applied`: ');
  });

  it('names nothing that was undone', () => {
    expect(loopIssue(loopMixed, facts).body).not.toContain('InstanceSchedule/office');
  });

  it('of 5,000 documents fits, and counts what it does not list', () => {
    const { body } = loopIssue(manyLoopDrifted(), facts);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(BODY_LIMIT);
    const rows = body.match(/^\| `~` \| `ZoneMirror\/site-\d{4}` \|/gmu) ?? [];
    const [, more = ''] = /^\| \| ([\d,]+) more objects \|/mu.exec(body) ?? [];
    expect(rows.length + Number(more.replace(',', ''))).toBe(5_007);
  });
});
