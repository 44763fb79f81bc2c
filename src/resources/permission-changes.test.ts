import { describe, expect, it } from 'vitest';
import { permissionChanges } from './permission-changes.ts';
import { isSamePolicy } from './policy-document.ts';

const ZONE = 'arn:aws:route53:::hostedzone/Z1';

function policy(...statements: readonly object[]) {
  return { Version: '2012-10-17', Statement: statements };
}

function allow(Action: unknown, Resource: unknown = '*', rest: object = {}) {
  return { Effect: 'Allow', Action, Resource, ...rest };
}

describe('two documents are the same', () => {
  it.each<[string, unknown, unknown, boolean]>([
    [
      'keys in another order',
      policy(allow('s3:Get*')),
      { Statement: [{ Resource: '*', Action: 's3:Get*', Effect: 'Allow' }], Version: '2012-10-17' },
      true,
    ],
    [
      'one item and a list of one',
      policy(allow(['s3:Get*'], ['*'])),
      { Version: '2012-10-17', Statement: allow('s3:Get*') },
      true,
    ],
    ['items in another order', policy(allow(['a:B', 'c:D'])), policy(allow(['c:D', 'a:B'])), true],
    ['statements in another order', policy(allow('a:B'), allow('c:D')), policy(allow('c:D'), allow('a:B')), true],
    ['actions in another case', policy(allow('s3:GetObject')), policy(allow('S3:getobject')), true],
    [
      'an account and its root',
      policy({ Principal: { AWS: '111122223333' } }),
      policy({ Principal: { AWS: ['arn:aws:iam::111122223333:root'] } }),
      true,
    ],
    ['everybody in both ways', policy({ Principal: '*' }), policy({ Principal: { AWS: '*' } }), true],
    [
      'a condition with true and "true"',
      policy(allow('a:B', '*', { Condition: { Bool: { 'aws:X': true } } })),
      policy(allow('a:B', '*', { Condition: { Bool: { 'AWS:x': ['true'] } } })),
      true,
    ],
    ['another action', policy(allow('a:B')), policy(allow('a:C')), false],
    ['NotAction for Action', policy(allow('a:B')), policy({ Effect: 'Allow', NotAction: 'a:B', Resource: '*' }), false],
    ['resources in another case', policy(allow('a:B', 'arn:x')), policy(allow('a:B', 'arn:X')), false],
    [
      'another condition',
      policy(allow('a:B')),
      policy(allow('a:B', '*', { Condition: { Bool: { 'aws:x': 'true' } } })),
      false,
    ],
    ['another effect', policy(allow('a:B')), policy({ ...allow('a:B'), Effect: 'Deny' }), false],
    ['another version', policy(allow('a:B')), { Statement: allow('a:B') }, false],
  ])('%s', (_what, a, b, same) => {
    expect(isSamePolicy(a, b)).toBe(same);
  });
});

describe('T63 gains and losses of', () => {
  const condition = { Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } };
  it.each<[string, unknown, unknown, readonly string[], readonly string[]]>([
    ['a new document', undefined, policy(allow(['a:B', 'a:C'], ZONE)), [`a:B on ${ZONE}`, `a:C on ${ZONE}`], []],
    ['a document that goes', policy(allow('a:B')), undefined, [], ['a:B on *']],
    ['the same', policy(allow('a:B')), policy(allow(['A:b'])), [], []],
    [
      'one action more, another less',
      policy(allow(['a:B', 'a:C'])),
      policy(allow(['a:C', 'a:D'])),
      ['a:D on *'],
      ['a:B on *'],
    ],
    ['a wildcard instead of its parts', policy(allow('a:Get')), policy(allow('a:*')), ['a:* on *'], []],
    ['parts instead of a wildcard', policy(allow('a:*', ZONE)), policy(allow('a:Get', ZONE)), [], [`a:* on ${ZONE}`]],
    ['a narrower resource', policy(allow('a:B')), policy(allow('a:B', ZONE)), [], ['a:B on *']],
    ['a resource by ? for what ? stands for', policy(allow('a:B', 'x:a?')), policy(allow('a:B', 'x:a?')), [], []],
    ['no coverage of a star by ?', policy(allow('a:B', 'x:a?')), policy(allow('a:B', 'x:a*')), ['a:B on x:a*'], []],
    ['a condition that goes', policy(allow('a:B', '*', condition)), policy(allow('a:B')), ['a:B on *'], []],
    ['a condition that comes', policy(allow('a:B')), policy(allow('a:B', '*', condition)), [], ['a:B on *']],
    [
      'a deny that goes',
      policy(allow('a:*'), { ...allow('a:B'), Effect: 'Deny' }),
      policy(allow('a:*')),
      ['no longer denied: a:B on *'],
      [],
    ],
    ['a deny that comes', policy(), policy({ ...allow('a:B'), Effect: 'Deny' }), [], ['denied: a:B on *']],
    [
      'NotAction',
      policy(allow('a:B')),
      policy({ Effect: 'Allow', NotAction: ['iam:*', 'a:B'], Resource: '*' }),
      ['everything but a:B, iam:* on *'],
      ['a:B on *'],
    ],
    [
      'who may assume',
      policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }),
      policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }),
      ['sts:AssumeRole by *'],
      [],
    ],
    [
      'references that are not known yet',
      undefined,
      policy(allow('a:B', { $join: ['arn:', { $get: ['Zone', 'Id'] }] })),
      ['a:B on arn:{Zone.Id}'],
      [],
    ],
  ])('%s', (_what, before, after, gains, losses) => {
    expect(permissionChanges(before, after)).toEqual({ gains, losses });
  });

  it('a hostile pattern, in bounded time', () => {
    const start = performance.now();
    permissionChanges(policy(allow(`a:${'*x'.repeat(500)}y`)), policy(allow(`a:${'x'.repeat(20_000)}`)));
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
