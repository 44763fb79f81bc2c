import type { FanOutRedriveResult } from '../../src/fan-out/redrive-result.ts';
import type { FanOutStatusResult } from '../../src/fan-out/status-result.ts';
import type { FanOutTestResult } from '../../src/fan-out/test-result.ts';

const DOCUMENT = 'BucketFanOut/invoices';
const PARTNER = 'partner.invoices/from-acme/';
const LONG_KEY = `2026/11/${'a-rather-long-name-of-a-customer-'.repeat(8)}invoice-0001.pdf`;
const DENIED =
  'AccessDenied: User: arn:aws:sts::111122223333:assumed-role/invoices-copy/fn is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::partner.invoices/from-acme/2026/11/a.pdf" because no resource-based policy allows it';
const CALLS = { lambda: { reads: 0, writes: 7 }, sqs: { reads: 2, writes: 9 } };

/** One destination is well, of the other some stay. */
export function redrivenLetters(hostile = '2026/11/a+b c.pdf'): FanOutRedriveResult {
  return {
    format: 'trueup/fan-out-redrive@1',
    document: DOCUMENT,
    ok: false,
    redriven: 1_204,
    failed: [
      {
        destination: PARTNER,
        message: '0b1c2d3e-4f50-4617-a829-30415263748f',
        sent: '2026-11-22T23:14:05.000Z',
        keys: [hostile, '2026/11/b.pdf', '2026/11/c.pdf'],
        outcome: 'failed',
        reason: DENIED,
      },
      {
        destination: PARTNER,
        message: '1b1c2d3e-4f50-4617-a829-30415263748f',
        sent: '2026-11-22T23:14:07.000Z',
        keys: [],
        outcome: 'unreadable',
        reason: 'it has a shape that no dead letter of a fan-out has',
      },
      {
        destination: PARTNER,
        message: '2b1c2d3e-4f50-4617-a829-30415263748f',
        sent: '2026-11-22T23:15:07.000Z',
        keys: [LONG_KEY],
        outcome: 'elsewhere',
        reason: 'another invocation is copying it',
      },
    ],
    left: 7,
    hiddenSeconds: 360,
    interrupted: false,
    destinations: [
      {
        destination: 'acme-invoices-us',
        redriven: 1_200,
        failed: 0,
        came: 0,
        hidden: 0,
        counts: { copied: 1_190, duplicates: 8, superseded: 2, refused: 0, bytes: 4_711 },
      },
      { destination: PARTNER, redriven: 4, failed: 3, came: 2, hidden: 2, counts: { copied: 4 } },
    ],
    calls: CALLS,
  };
}

const QUIET = { visible: 0, inFlight: 0, delayed: 0 };

export function troubledFanOut(hostile = '2026/11/a+b c.pdf'): FanOutStatusResult {
  return {
    format: 'trueup/fan-out-status@1',
    document: DOCUMENT,
    ok: false,
    destinations: [
      {
        destination: 'acme-invoices-us',
        account: '111122223333',
        region: 'us-east-1',
        function: 'present',
        deadLetters: QUIET,
        work: { ...QUIET, visible: 12 },
        copies: { copying: 3, failed: 0, done: 98_204, superseded: 411, skipped: 0, collision: 2, kept: 0, archived: 4, 'customer-key': 0 },
        lag: { p50: 1.2, max: 84.6, copies: 312 },
        oldest: { key: LONG_KEY, since: '2026-11-22T23:14:05.000Z', seconds: 742 },
        errors: [],
      },
      {
        destination: PARTNER,
        account: '444455556666',
        region: 'eu-west-1',
        function: 'absent',
        deadLetters: { ...QUIET, visible: 3 },
        work: null,
        copies: { copying: 0, failed: 3, done: 0, superseded: 0, skipped: 0, collision: 0, kept: 0, archived: 0, 'customer-key': 1 },
        errors: [{ key: hostile, at: '2026-11-22T23:14:05.000Z', error: DENIED }],
      },
    ],
    counted: { rows: 100_412, all: false },
    calls: CALLS,
  };
}

export function askedKey(hostile = '2026/11/a+b c.pdf'): FanOutStatusResult {
  return {
    format: 'trueup/fan-out-status@1',
    document: DOCUMENT,
    ok: true,
    key: hostile,
    destinations: [
      {
        destination: 'acme-invoices-us',
        account: '111122223333',
        region: 'us-east-1',
        function: 'present',
        deadLetters: QUIET,
        work: QUIET,
        asked: {
          key: hostile,
          rows: [
            {
              state: 'done',
              version: 'v2OtKxkXn4m3ZzcJ6Tq1',
              etag: '841a2d689ad86bd1611447453c22c6fc',
              size: 4_711,
              deleted: false,
              at: '2026-11-22T23:14:05.000Z',
              finished: '2026-11-22T23:14:06.000Z',
              current: true,
            },
            { state: 'superseded', deleted: true, at: '2026-11-22T23:10:05.000Z', current: false },
          ],
        },
      },
      {
        destination: PARTNER,
        account: '444455556666',
        region: 'eu-west-1',
        function: 'present',
        deadLetters: QUIET,
        work: QUIET,
        asked: { why: 'the filter leaves it out', rows: [] },
      },
    ],
    calls: CALLS,
  };
}

export function probedFanOut(hostile = '2026/trueup-probe-0a1b2c3d4e5f6071.pdf'): FanOutTestResult {
  return {
    format: 'trueup/fan-out-test@1',
    document: DOCUMENT,
    ok: false,
    key: hostile,
    destinations: [
      { destination: 'acme-invoices-us', key: hostile, arrived: true, seconds: 1.4 },
      { destination: PARTNER, key: `from-acme/${hostile}`, arrived: false, why: DENIED },
    ],
    left: [{ bucket: 'acme-invoices-us', key: hostile, why: 'AccessDenied: S3 answered 403' }],
    unseen: [{ destination: 'acme-closed/copies/', why: DENIED }],
    interrupted: false,
    calls: CALLS,
  };
}
