import { describe, expect, it } from 'vitest';
import { LAMBDA_FUNCTION } from '../aws-lambda-function.ts';
import { LAMBDA_PERMISSION } from '../aws-lambda-permission.ts';
import { betterOf, judge } from './judge.ts';
import type { Ours } from './ours.ts';
import { TRAIL_ROWS } from './rows.ts';
import type { Subject, TrailRecord } from './types.ts';

const PLACE = { account: '111122223333', region: 'eu-west-1' };
const NOBODY: Ours = { applyRole: undefined, functionRoles: new Set() };
const SUBJECT: Subject = {
  id: 'ZoneMirror/corp/Mirror',
  type: LAMBDA_FUNCTION,
  resource: 'work',
  place: PLACE,
  properties: {},
  missing: false,
  changes: [{ path: 'MemorySize', before: 512, after: 256 }],
  effects: [],
};

let count = 0;
function event(name: string, parameters: object = {}, rest: Partial<TrailRecord> = {}): TrailRecord {
  count += 1;
  return {
    eventId: `e-${count}`,
    at: '2026-11-24T10:00:00Z',
    source: 'lambda.amazonaws.com',
    name,
    parameters: { functionName: 'work', ...parameters },
    idle: false,
    actor: `user-${name}`,
    userAgent: '',
    how: 'other',
    ...rest,
  };
}

function session(role: string, name: string): Partial<TrailRecord> {
  return { session: { role, name }, actor: `${role}/${name}` };
}

const SETS = event('UpdateFunctionConfiguration', { memorySize: 512 });
const SETS_OTHER = event('UpdateFunctionConfiguration', { memorySize: 1024 });
const TAGS = event('TagResource', { tags: { a: 'b' } });

function verdictOf(records: readonly TrailRecord[], subject = SUBJECT, ours = NOBODY) {
  const row = TRAIL_ROWS.get(subject.type)!;
  const [lookup] = row.lookups(subject);
  return judge(records, { row, subject, lookup: lookup!, ours });
}

describe('who changed an object', () => {
  it.each([
    ['whose request holds what is found', [SETS], SETS.eventId, 'exact'],
    [
      'the newest of two who fit as well',
      [event('UpdateFunctionConfiguration', { memorySize: 512 }), SETS],
      undefined,
      'exact',
    ],
    ['who fits exactly, though others wrote later', [TAGS, SETS_OTHER, SETS], SETS.eventId, 'exact'],
    ['who wrote the field, though others wrote later', [TAGS, SETS_OTHER], SETS_OTHER.eventId, 'likely'],
    ['who wrote the object at all', [TAGS], TAGS.eventId, 'likely'],
  ])('is %s', (_who, records, eventId, confidence) => {
    expect(verdictOf(records).culprit).toMatchObject({ eventId: eventId ?? records[0]?.eventId, confidence });
  });

  it.each([
    ['who only looked', event('UpdateFunctionConfiguration', { memorySize: 512 }, { idle: true })],
    ['a call that writes nothing here', event('PublishVersion')],
    ['another service', event('TagResource', {}, { source: 'ec2.amazonaws.com' })],
  ])('is not %s', (_who, record) => {
    expect(verdictOf([record]).culprit).toBeUndefined();
  });

  it('is not an apply of ours, nor anybody before it', () => {
    const own = event('UpdateFunctionConfiguration', { memorySize: 512 }, session('trueup-apply', 'trueup-apply-42'));
    const ours = { applyRole: 'arn:aws:iam::111122223333:role/trueup-apply', functionRoles: new Set<string>() };

    expect(verdictOf([own, SETS], SUBJECT, ours)).toEqual({ settled: true, known: true });
    expect(verdictOf([TAGS, own, SETS], SUBJECT, ours)).toMatchObject({
      settled: true,
      culprit: { confidence: 'likely' },
    });
  });

  it.each([
    ['a session of another role with such a name', session('ops', 'trueup-apply-42')],
    ['another session of that role', session('trueup-apply', 'on-call')],
    ['a user agent that says so', { userAgent: 'aws-sdk-js/3 trueup-apply/42' }],
  ])('may be %s, where Settings name the role', (_who, rest) => {
    const ours = { applyRole: 'arn:aws:iam::111122223333:role/paths/trueup-apply', functionRoles: new Set<string>() };
    const record = event('UpdateFunctionConfiguration', { memorySize: 512 }, rest);

    expect(verdictOf([record], SUBJECT, ours).culprit?.eventId).toBe(record.eventId);
  });

  it.each([session('any', 'trueup-apply-42'), { userAgent: 'aws-sdk-js/3 ua/2.1 trueup-apply/local' }])(
    'is not an apply with credentials of its own: %j',
    (rest) => {
      expect(verdictOf([event('UpdateFunctionConfiguration', { memorySize: 512 }, rest), SETS])).toEqual({
        settled: true,
        known: true,
      });
    },
  );

  it('is not a function of the estate; whoever was before it may be', () => {
    const own = event('UpdateFunctionConfiguration', { memorySize: 512 }, session('corp-role', 'corp-fn'));
    const ours = { applyRole: undefined, functionRoles: new Set(['corp-role']) };

    expect(verdictOf([own], SUBJECT, ours).culprit).toBeUndefined();
    expect(verdictOf([own, SETS], SUBJECT, ours).culprit?.eventId).toBe(SETS.eventId);
  });

  it('deleted what is gone', () => {
    const gone: Subject = { ...SUBJECT, missing: true, changes: [] };
    const deletes = event('DeleteFunction');

    expect(verdictOf([SETS, deletes], gone).culprit).toMatchObject({ eventId: deletes.eventId, confidence: 'exact' });
    expect(verdictOf([SETS], gone).culprit).toBeUndefined();
  });

  it('wrote this statement of a policy, and no other', () => {
    const statement: Subject = {
      ...SUBJECT,
      type: LAMBDA_PERMISSION,
      resource: 'sid-1',
      properties: { FunctionName: 'work' },
      missing: true,
      changes: [],
    };
    const removes = (statementId: string) => event('RemovePermission', { statementId });

    expect(verdictOf([removes('sid-2')], statement).culprit).toBeUndefined();
    expect(verdictOf([removes('sid-2'), removes('sid-1')], statement).culprit?.confidence).toBe('exact');
  });

  it('of several objects is told by confidence, then by time', () => {
    const at = (time: string, confidence: 'exact' | 'likely') =>
      ({ at: time, confidence, actor: 'a', event: 'e', eventId: time, how: 'sdk' }) as const;
    const [old, young] = [at('2026-11-24T10:00:00Z', 'exact'), at('2026-11-24T11:00:00Z', 'exact')];

    expect(betterOf(undefined, old)).toBe(old);
    expect(betterOf(old, young)).toBe(young);
    expect(betterOf(old, at('2026-11-24T12:00:00Z', 'likely'))).toBe(old);
  });
});
