import { describe, expect, it } from 'vitest';
import { readRecord } from './record.ts';

const BASE = {
  eventID: 'e-1',
  eventTime: '2026-11-24T10:00:00Z',
  eventSource: 'lambda.amazonaws.com',
  eventName: 'UpdateFunctionConfiguration20150331v2',
  readOnly: false,
  requestParameters: { functionName: 'work', memorySize: 512 },
};

function read(fields: object) {
  return readRecord(JSON.stringify({ ...BASE, ...fields }));
}

describe('a record of CloudTrail', () => {
  it('is read without the version of the API in its name', () => {
    expect(read({ userAgent: 'aws-cli/2.1', userIdentity: { arn: 'arn:aws:iam::111122223333:user/alice' } })).toEqual({
      eventId: 'e-1',
      at: '2026-11-24T10:00:00Z',
      source: 'lambda.amazonaws.com',
      name: 'UpdateFunctionConfiguration',
      parameters: { functionName: 'work', memorySize: 512 },
      idle: false,
      actor: 'arn:aws:iam::111122223333:user/alice',
      userAgent: 'aws-cli/2.1',
      how: 'cli',
    });
  });

  it.each([
    ['the root user', { type: 'Root', arn: 'arn:aws:iam::111122223333:root' }, 'arn:aws:iam::111122223333:root'],
    ['a service of AWS', { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' }, 'autoscaling.amazonaws.com'],
    ['an account', { type: 'AWSAccount', principalId: 'AIDAX', accountId: '444455556666' }, 'AIDAX'],
    ['somebody of the identity centre', { type: 'IdentityCenterUser', onBehalfOf: { userId: 'u-1' } }, 'u-1'],
    ['nobody', {}, 'somebody whom the event does not name'],
  ])('names %s', (_who, userIdentity, actor) => {
    expect(read({ userIdentity })?.actor).toBe(actor);
  });

  it('tells session, role and source identity of a session', () => {
    const userIdentity = {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::111122223333:assumed-role/ops/on-call',
      sessionContext: {
        sourceIdentity: 'alice',
        sessionIssuer: { type: 'Role', arn: 'arn:aws:iam::111122223333:role/teams/ops', userName: 'ops' },
      },
    };

    expect(read({ userIdentity, sessionCredentialFromConsole: 'true' })).toMatchObject({
      actor: userIdentity.arn,
      session: { role: 'ops', name: 'on-call' },
      sourceIdentity: 'alice',
      how: 'console',
    });
  });

  it.each([
    [{ readOnly: true }, true],
    [{ errorCode: 'AccessDenied' }, true],
    [{}, false],
  ])('with %j is idle: %s', (fields, idle) => {
    expect(read(fields)?.idle).toBe(idle);
  });

  it.each([
    undefined,
    '',
    'no JSON',
    '[]',
    'null',
    JSON.stringify({ ...BASE, eventTime: 'yesterday' }),
    JSON.stringify({ ...BASE, eventID: 7 }),
  ])('that cannot be read is none: %s', (json) => {
    expect(readRecord(json)).toBeUndefined();
  });
});
