import { describe, expect, it } from 'vitest';
import type { FanOutBackfillResult } from '../fan-out/backfill-result.ts';
import type { DestinationStatus, FanOutStatusResult, KeyRow } from '../fan-out/status-result.ts';
import type { FanOutVerifyResult } from '../fan-out/verify-result.ts';
import { renderFanOutBackfill, renderFanOutStatus, renderFanOutVerify } from './render.ts';

const TEXT = { format: 'text', color: false, width: 80, unicode: true } as const;
const DOCUMENT = 'BucketFanOut/invoices';
const QUIET = { visible: 0, inFlight: 0, delayed: 0 };
const CALLS = { S3: { reads: 2, writes: 0 } };

describe('a backfill', () => {
  const result: FanOutBackfillResult = {
    format: 'trueup/fan-out-backfill@1',
    document: DOCUMENT,
    ok: true,
    outcome: 'done',
    destinations: [
      {
        destination: 'acme-invoices-us',
        foretold: {
          objects: 3,
          bytes: 19,
          crossRegionBytes: 19,
          messages: 1,
          requests: { S3: { reads: 4, writes: 4 }, DynamoDB: { reads: 3, writes: 12 }, SQS: { reads: 0, writes: 1 } },
          isAtLeast: false,
        },
        resumed: null,
        collisions: 0,
        unmappable: 0,
        archived: 0,
        sent: 3,
        copying: 0,
        waiting: 0,
        deadLetters: 0,
      },
    ],
    unseen: [],
    colliding: [],
    calls: CALLS,
  };

  it('says what it takes once', () => {
    const told = renderFanOutBackfill(result, { ...TEXT, wasForetold: true });
    expect(told).not.toContain('request');
    expect(told).toContain('  + acme-invoices-us  3 objects handed over\n');
    expect(renderFanOutBackfill(result, { ...TEXT, wasForetold: false })).toContain(
      '24 requests: S3 8, DynamoDB 15, SQS 1',
    );
  });
});

describe('the status of a key', () => {
  const row = (state: KeyRow['state']): KeyRow => ({
    state,
    deleted: false,
    at: '2026-11-22T23:14:05.000Z',
    current: true,
    ...(state === 'failed' && { error: 'AccessDenied' }),
  });
  const at = (destination: string, state: KeyRow['state'], dead: number): DestinationStatus => ({
    destination,
    account: '111122223333',
    region: 'eu-west-1',
    function: 'present',
    deadLetters: { ...QUIET, visible: dead },
    work: QUIET,
    asked: { key: 'a', rows: [row(state)] },
  });
  const statusOf = (destinations: readonly DestinationStatus[]): FanOutStatusResult => ({
    format: 'trueup/fan-out-status@1',
    document: DOCUMENT,
    ok: false,
    key: 'a',
    destinations,
    calls: CALLS,
  });

  it('counts where it failed', () => {
    const text = renderFanOutStatus(statusOf([at('one', 'done', 0), at('two', 'failed', 1)]), TEXT);
    expect(text).toContain('\nStatus: 2 destinations, 1 dead letter, the key failed at 1. 2 calls.\n');
    expect(text).toMatch(/^= one$/m);
    expect(text).toMatch(/^- two$/m);
    expect(text).toMatch(/^ {4}- failed/m);
  });

  it('says nothing of failures where dead letters are of other keys, and what is missing where that is all', () => {
    expect(renderFanOutStatus(statusOf([at('one', 'done', 2)]), TEXT)).toContain(
      'Status: 1 destination, 2 dead letters. 2 calls.',
    );
    const gone = { ...at('one', 'done', 0), function: 'absent' } as const;
    expect(renderFanOutStatus(statusOf([gone]), TEXT)).toContain('Status: 1 destination, 1 not as applied. 2 calls.');
  });
});

describe('the status of all', () => {
  it('says where it is well that collisions and what is missing are told by verify', () => {
    const copies = { copying: 0, failed: 0, done: 3, superseded: 0, skipped: 0, collision: 2, archived: 0, kept: 0 };
    const destination: DestinationStatus = {
      destination: 'one',
      account: '111122223333',
      region: 'eu-west-1',
      function: 'present',
      deadLetters: QUIET,
      work: QUIET,
      copies: { ...copies, 'customer-key': 0 },
      errors: [],
    };
    const text = renderFanOutStatus(
      { format: 'trueup/fan-out-status@1', document: DOCUMENT, ok: true, destinations: [destination], calls: CALLS },
      { ...TEXT, width: 120 },
    );
    expect(text).toContain('of which events met 2, the listings tell: trueup fan-out verify invoices');
  });
});

describe('a comparison of nothing', () => {
  it('says so', () => {
    const counts = { objects: 0, equal: 0, missing: 0, stale: 0, extra: 0, kept: 0, collisions: 0, unmappable: 0 };
    const lists = { missing: [], stale: [], extra: [], collisions: [], unmappable: [], unseen: [] };
    const text = renderFanOutVerify(
      {
        format: 'trueup/fan-out-verify@1',
        document: DOCUMENT,
        ok: true,
        complete: true,
        ...lists,
        destinations: [{ destination: 'acme-invoices-us', ...counts }],
        calls: CALLS,
      },
      TEXT,
    );
    expect(text).toContain('acme-invoices-us  nothing to compare: no object here, and none at the source');
    expect(text).toContain('Verify: 1 destination, nothing to compare.');
  });
});

describe('a comparison', () => {
  const result: FanOutVerifyResult = {
    format: 'trueup/fan-out-verify@1',
    document: DOCUMENT,
    ok: false,
    complete: true,
    missing: [
      { destination: 'acme-invoices-us', key: '0001 Müller.pdf', copyKey: '0001 Müller.pdf' },
      { destination: 'acme-invoices-us', key: 'Mu\u0308ller\u202e ', copyKey: 'Mu\u0308ller\u202e ' },
    ],
    stale: [],
    extra: [],
    collisions: [],
    unmappable: [],
    destinations: [
      {
        destination: 'acme-invoices-us',
        objects: 4,
        equal: 2,
        missing: 2,
        stale: 0,
        extra: 0,
        kept: 2,
        collisions: 0,
        unmappable: 0,
      },
    ],
    unseen: [],
    calls: CALLS,
  };

  it('shows letters as they are, and as code points what could hide', () => {
    const lines = renderFanOutVerify(result, TEXT).split('\n');
    expect(lines).toContain('      + 0001 Müller.pdf');
    expect(lines).toContain('      + Mu<U+0308>ller<U+202E><U+0020>');
  });

  it('says what is kept', () => {
    expect(renderFanOutVerify(result, TEXT)).toContain('\n    kept: 2 copies of what the source no longer has\n');
  });
});
