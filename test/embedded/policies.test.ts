import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/embedded/iam/policy/evaluate.ts';
import type { AccessRequest, Decision, PolicySet } from '../../src/embedded/iam/policy/evaluate.ts';
import { parsePolicy } from '../../src/embedded/iam/policy/parse.ts';
import type { DocumentKind } from '../../src/embedded/iam/policy/parse.ts';
import { compileGlob, matches } from '../../src/embedded/iam/policy/pattern.ts';

const ACCOUNT = '111122223333';
const ZONE = 'arn:aws:route53:::hostedzone/Z1';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/trueup/acme/worker`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/worker/run`;
const REQUESTER = { account: ACCOUNT, arn: SESSION, roleArn: ROLE };

type Parts = Readonly<Record<string, unknown>>;

function policy(...statements: readonly Parts[]) {
  return { Version: '2012-10-17', Statement: statements };
}

function allow(parts: Parts = {}): Parts {
  return { Effect: 'Allow', Action: '*', Resource: '*', ...parts };
}

function deny(parts: Parts = {}): Parts {
  return { ...allow(parts), Effect: 'Deny' };
}

function decide(request: Partial<AccessRequest>, policies: PolicySet): string {
  const decision: Decision = evaluate({ action: 'route53:GetHostedZone', resource: ZONE, ...request }, policies);
  return `${decision.effect} by ${decision.by}`;
}

/** IAM User Guide, "IAM JSON policy elements": Action, NotAction, Resource, NotResource. */
describe('a statement applies to', () => {
  it.each<[string, Parts, Partial<AccessRequest>, boolean]>([
    ['everything', {}, {}, true],
    ['the action', { Action: 'route53:GetHostedZone' }, {}, true],
    ['the action without case', { Action: 'ROUTE53:getHostedzone' }, {}, true],
    ['one of several actions', { Action: ['s3:*', 'route53:Get*'] }, {}, true],
    ['no other action', { Action: 'route53:ListHostedZones' }, {}, false],
    ['actions with ? for one character', { Action: 'route53:GetHostedZon?' }, {}, true],
    ['no fewer characters than ?', { Action: 'route53:GetHostedZone?' }, {}, false],
    ['no action of another service by a wildcard', { Action: 's3:*' }, {}, false],
    ['nothing by half a name', { Action: 'route53:GetHosted' }, {}, false],
    ['all but NotAction', { Action: undefined, NotAction: 'iam:*' }, {}, true],
    ['not NotAction', { Action: undefined, NotAction: ['iam:*', 'route53:*'] }, {}, false],
    ['the resource', { Resource: ZONE }, {}, true],
    [
      'no resource of another case',
      { Resource: ZONE.toUpperCase().replace('ARN:AWS:ROUTE53', 'arn:aws:route53') },
      {},
      false,
    ],
    ['resources by a wildcard', { Resource: 'arn:aws:route53:::hostedzone/*' }, {}, true],
    [
      'resources of any account by *',
      { Resource: 'arn:aws:iam::*:role/x' },
      { resource: `arn:aws:iam::${ACCOUNT}:role/x` },
      true,
    ],
    [
      'no part beyond the colon by a wildcard inside it',
      { Resource: 'arn:aws:sqs:eu-*-1:*:jobs' },
      { resource: `arn:aws:sqs:eu-west-2:x-1:${ACCOUNT}:jobs` },
      false,
    ],
    [
      'parts beyond the colon by a wildcard at its end',
      { Resource: 'arn:aws:lambda:*:function:f' },
      { resource: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:f` },
      true,
    ],
    [
      'colons within the resource',
      { Resource: 'arn:aws:logs:*:*:log-group:/a/*:x' },
      { resource: `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/a/b:log-stream:x` },
      true,
    ],
    ['not a prefix of the resource', { Resource: 'arn:aws:route53:::hostedzone/Z' }, {}, false],
    ['all but NotResource', { Resource: undefined, NotResource: 'arn:aws:route53:::change/*' }, {}, true],
    ['not NotResource', { Resource: undefined, NotResource: 'arn:aws:route53:::hostedzone/*' }, {}, false],
    ['a call without a resource only by *', { Resource: 'arn:aws:route53:::*' }, { resource: '*' }, false],
    ['a call without a resource by *', {}, { resource: '*' }, true],
    [
      'resources by a variable',
      { Resource: 'arn:aws:iam::*:user/${aws:username}' },
      { resource: `arn:aws:iam::${ACCOUNT}:user/jo`, conditions: { 'AWS:UserName': 'jo' } },
      true,
    ],
    [
      'nothing by a variable without a value',
      { Resource: 'arn:aws:iam::*:user/${aws:username}' },
      { resource: `arn:aws:iam::${ACCOUNT}:user/jo` },
      false,
    ],
    [
      'nothing by wildcards in a value',
      { Resource: 'arn:aws:iam::*:user/${aws:username}' },
      { resource: `arn:aws:iam::${ACCOUNT}:user/jo`, conditions: { 'aws:username': '*' } },
      false,
    ],
    [
      'resources by the default of a variable',
      { Resource: "arn:aws:s3:::${aws:PrincipalTag/team, 'all'}/x" },
      { resource: 'arn:aws:s3:::all/x' },
      true,
    ],
    ['a star itself by ${*}', { Resource: 'arn:aws:s3:::b/${*}' }, { resource: 'arn:aws:s3:::b/c' }, false],
  ])('%s', (_what, parts, request, applies) => {
    const decision = decide(request, { identity: [policy(allow(parts))] });
    expect(decision).toBe(applies ? 'allowed by identity' : 'implicit-deny by identity');
  });

  it('plain ${…} in documents of 2008', () => {
    const identity = [{ Version: '2008-10-17', Statement: allow({ Resource: 'arn:aws:s3:::b/${aws:username}' }) }];
    const conditions = { 'aws:username': 'jo' };
    expect(decide({ resource: 'arn:aws:s3:::b/jo', conditions }, { identity })).toBe('implicit-deny by identity');
    expect(decide({ resource: 'arn:aws:s3:::b/${aws:username}', conditions }, { identity })).toBe(
      'allowed by identity',
    );
  });

  it('one statement that is not in a list, and JSON text', () => {
    const text = JSON.stringify({ Version: '2012-10-17', Statement: allow() });
    expect(decide({}, { identity: [text] })).toBe('allowed by identity');
  });
});

/** IAM User Guide, "IAM JSON policy elements: Condition operators" and "Multivalued context keys". */
describe('a condition holds', () => {
  const noon = { 'aws:CurrentTime': '2026-11-24T12:00:00Z' };
  const names = { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['a.corp.test', 'b.corp.test'] };
  const NAMES = 'route53:ChangeResourceRecordSetsNormalizedRecordNames';
  it.each<[string, Parts, Record<string, string | string[]>, boolean]>([
    ['StringEquals', { 'aws:x': 'a' }, { 'aws:x': 'a' }, true],
    ['StringEquals', { 'aws:x': 'A' }, { 'aws:x': 'a' }, false],
    ['StringEquals', { 'AWS:X': ['b', 'a'] }, { 'aws:x': 'a' }, true],
    ['StringEquals', { 'aws:x': 'a*' }, { 'aws:x': 'ab' }, false],
    ['StringEquals', { 'aws:x': 'a' }, {}, false],
    ['StringEquals', { 'aws:x': 'a', 'aws:y': 'b' }, { 'aws:x': 'a' }, false],
    ['StringEquals', { 'aws:x': '${aws:y}' }, { 'aws:x': 'a', 'aws:y': 'a' }, true],
    ['StringNotEquals', { 'aws:x': ['b', 'c'] }, { 'aws:x': 'a' }, true],
    ['StringNotEquals', { 'aws:x': ['b', 'a'] }, { 'aws:x': 'a' }, false],
    ['StringNotEquals', { 'aws:x': 'a' }, {}, true],
    ['StringEqualsIgnoreCase', { 'aws:x': 'ABC' }, { 'aws:x': 'abc' }, true],
    ['StringNotEqualsIgnoreCase', { 'aws:x': 'ABC' }, { 'aws:x': 'abc' }, false],
    ['StringLike', { 'aws:x': 'a?c*' }, { 'aws:x': 'abcd:e' }, true],
    ['StringLike', { 'aws:x': 'a?' }, { 'aws:x': 'a' }, false],
    ['StringNotLike', { 'aws:x': 'a*' }, { 'aws:x': 'abc' }, false],
    ['StringNotLike', { 'aws:x': 'a*' }, {}, true],
    ['StringLikeIfExists', { 'aws:x': 'a*' }, {}, true],
    ['StringLikeIfExists', { 'aws:x': 'a*' }, { 'aws:x': 'b' }, false],
    ['ArnEquals', { 'aws:SourceArn': ROLE }, { 'aws:SourceArn': ROLE }, true],
    ['ArnEquals', { 'aws:SourceArn': 'arn:aws:iam::*:role/trueup/*' }, { 'aws:SourceArn': ROLE }, true],
    ['ArnLike', { 'aws:SourceArn': 'arn:aws:iam:*:role/*' }, { 'aws:SourceArn': ROLE }, false],
    [
      'ArnLike',
      { 'aws:SourceArn': 'arn:aws:ecs:eu-west-1:111122223333:*' },
      { 'aws:SourceArn': 'arn:aws:ecs:eu-west-1:111122223333:task/a:b' },
      true,
    ],
    [
      'ArnLike',
      { 'aws:SourceArn': 'arn:aws:iam::${aws:PrincipalAccount}:role/*' },
      { 'aws:SourceArn': ROLE, 'aws:PrincipalAccount': ACCOUNT },
      true,
    ],
    ['ArnNotEquals', { 'aws:SourceArn': ROLE }, { 'aws:SourceArn': `${ROLE}2` }, true],
    ['ArnNotLike', { 'aws:SourceArn': 'arn:aws:iam::*:role/trueup/*' }, { 'aws:SourceArn': ROLE }, false],
    ['Bool', { 'aws:SecureTransport': true }, { 'aws:SecureTransport': 'true' }, true],
    ['Bool', { 'aws:SecureTransport': 'False' }, { 'aws:SecureTransport': 'true' }, false],
    ['BoolIfExists', { 'aws:MultiFactorAuthPresent': 'true' }, {}, true],
    ['Null', { 'aws:TokenIssueTime': 'true' }, {}, true],
    ['Null', { 'aws:x': 'true' }, { 'aws:x': 'a' }, false],
    ['Null', { 'aws:x': false }, { 'aws:x': 'a' }, true],
    ['NumericEquals', { 'aws:x': 10 }, { 'aws:x': '10.0' }, true],
    ['NumericNotEquals', { 'aws:x': '10' }, { 'aws:x': '11' }, true],
    ['NumericLessThan', { 'aws:x': '10' }, { 'aws:x': '9' }, true],
    ['NumericLessThanEquals', { 'aws:x': '10' }, { 'aws:x': '10' }, true],
    ['NumericGreaterThan', { 'aws:x': '10' }, { 'aws:x': '10' }, false],
    ['NumericGreaterThanEquals', { 'aws:x': '10' }, { 'aws:x': '9.9' }, false],
    ['NumericLessThan', { 'aws:x': '10' }, { 'aws:x': 'nine' }, false],
    ['DateGreaterThan', { 'aws:CurrentTime': '2026-11-24T11:59:59Z' }, noon, true],
    ['DateLessThan', { 'aws:CurrentTime': '2026-11-24T12:00:00Z' }, noon, false],
    ['DateLessThanEquals', { 'aws:CurrentTime': '2026-11-24T13:00:00+01:00' }, noon, true],
    ['DateGreaterThanEquals', { 'aws:CurrentTime': '2026-11-25' }, noon, false],
    ['DateEquals', { 'aws:CurrentTime': '1795521600' }, noon, true],
    ['DateNotEquals', { 'aws:CurrentTime': '2026-11-24T12:00:00Z' }, noon, false],
    ['IpAddress', { 'aws:SourceIp': '203.0.113.0/24' }, { 'aws:SourceIp': '203.0.113.9' }, true],
    ['IpAddress', { 'aws:SourceIp': '203.0.113.0/25' }, { 'aws:SourceIp': '203.0.113.200' }, false],
    ['IpAddress', { 'aws:SourceIp': '203.0.113.9' }, { 'aws:SourceIp': '203.0.113.9' }, true],
    ['IpAddress', { 'aws:SourceIp': '2001:db8::/32' }, { 'aws:SourceIp': '2001:db8:1::1' }, true],
    ['IpAddress', { 'aws:SourceIp': 'anywhere' }, { 'aws:SourceIp': '203.0.113.9' }, false],
    ['NotIpAddress', { 'aws:SourceIp': '203.0.113.0/24' }, { 'aws:SourceIp': '198.51.100.1' }, true],
    ['ForAllValues:StringLike', { [NAMES]: '*.corp.test' }, names, true],
    ['ForAllValues:StringLike', { [NAMES]: 'a.*' }, names, false],
    ['ForAllValues:StringLike', { [NAMES]: 'a.*' }, {}, true],
    ['ForAllValues:StringNotLike', { [NAMES]: 'a.*' }, names, false],
    ['ForAnyValue:StringLike', { [NAMES]: 'a.*' }, names, true],
    ['ForAnyValue:StringLike', { [NAMES]: 'c.*' }, names, false],
    ['ForAnyValue:StringLike', { [NAMES]: 'a.*' }, {}, false],
    ['ForAnyValue:StringNotLike', { [NAMES]: 'a.*' }, names, true],
    ['ForAnyValue:StringNotLike', { [NAMES]: 'a.*' }, {}, false],
    ['forallvalues:stringequals', { 'aws:TagKeys': ['a', 'b'] }, { 'aws:tagkeys': ['b', 'a'] }, true],
    ['BinaryEquals', { 'aws:x': 'QmluYXJ5' }, { 'aws:x': 'QmluYXJ5' }, true],
  ])('%s %j with %j: %s', (operator, keys, conditions, isMet) => {
    const decision = decide({ conditions }, { identity: [policy(allow({ Condition: { [operator]: keys } }))] });
    expect(decision).toBe(isMet ? 'allowed by identity' : 'implicit-deny by identity');
  });

  it('only where all operators of the block do', () => {
    const Condition = { StringEquals: { 'aws:x': 'a' }, Bool: { 'aws:y': 'true' } };
    const identity = [policy(allow({ Condition }))];
    expect(decide({ conditions: { 'aws:x': 'a', 'aws:y': 'true' } }, { identity })).toBe('allowed by identity');
    expect(decide({ conditions: { 'aws:x': 'a', 'aws:y': 'false' } }, { identity })).toBe('implicit-deny by identity');
  });
});

/** IAM User Guide, "Policy evaluation logic" and "Permissions boundaries for IAM entities". */
describe('policies together', () => {
  const open = policy(allow());
  const closed = policy(allow({ Action: 's3:*' }));
  const denying = policy(deny({ Action: 'route53:*' }));
  const naming = (AWS: string) => policy(allow({ Principal: { AWS } }));
  it.each<[string, PolicySet, string]>([
    ['nothing', {}, 'implicit-deny by identity'],
    ['one of two identity policies allows', { identity: [closed, open] }, 'allowed by identity'],
    ['an explicit deny wins over an allow', { identity: [open, denying] }, 'explicit-deny by identity'],
    ['a deny beside an allow in one document', { identity: [policy(allow(), deny())] }, 'explicit-deny by identity'],
    ['a deny of something else', { identity: [policy(allow(), deny({ Action: 's3:*' }))] }, 'allowed by identity'],
    ['the boundary alone allows nothing', { boundary: open }, 'implicit-deny by identity'],
    ['the boundary does not allow', { identity: [open], boundary: closed }, 'implicit-deny by boundary'],
    ['the boundary denies', { identity: [open], boundary: denying }, 'explicit-deny by boundary'],
    ['both allow', { identity: [open], boundary: open }, 'allowed by identity'],
    ['a resource policy names the session', { boundary: closed, resource: naming(SESSION) }, 'allowed by resource'],
    ['a resource policy names the role', { resource: naming(ROLE) }, 'allowed by resource'],
    ['… and the boundary limits it', { boundary: closed, resource: naming(ROLE) }, 'implicit-deny by boundary'],
    ['a resource policy names the account', { resource: naming(ACCOUNT) }, 'implicit-deny by identity'],
    ['… and the identity policy allows', { identity: [open], resource: naming(ACCOUNT) }, 'allowed by identity'],
    ['a resource policy names another role', { resource: naming(`${ROLE}2`) }, 'implicit-deny by identity'],
    ['a resource policy names everybody', { resource: policy(allow({ Principal: '*' })) }, 'allowed by resource'],
    [
      'a resource policy denies',
      { identity: [open], resource: policy(deny({ Principal: '*' })) },
      'explicit-deny by resource',
    ],
    [
      'a resource policy denies all but the role',
      {
        identity: [open],
        resource: policy(deny({ Principal: undefined, NotPrincipal: { AWS: [ROLE, SESSION, ACCOUNT] } })),
      },
      'allowed by identity',
    ],
    [
      'a resource policy denies all but another',
      { identity: [open], resource: policy(deny({ NotPrincipal: { AWS: `${ROLE}2` } })) },
      'explicit-deny by resource',
    ],
    [
      'a resource policy denies all but the role, whose account it does not list',
      { identity: [open], resource: policy(deny({ Principal: undefined, NotPrincipal: { AWS: [ROLE, SESSION] } })) },
      'explicit-deny by resource',
    ],
    [
      'a resource policy that gates names nobody',
      { identity: [open], resource: naming(`${ROLE}2`), resourceGates: true },
      'implicit-deny by resource',
    ],
    [
      'a resource that gates has no policy',
      { identity: [open], resource: undefined, resourceGates: true },
      'implicit-deny by resource',
    ],
    [
      'a resource policy that gates names the account',
      { resource: naming(ACCOUNT), resourceGates: true },
      'implicit-deny by identity',
    ],
    [
      '… and the identity policy allows what it gates',
      { identity: [open], resource: naming(ACCOUNT), resourceGates: true },
      'allowed by identity',
    ],
    [
      'a resource policy that gates names the role',
      { resource: naming(ROLE), resourceGates: true },
      'allowed by resource',
    ],
    [
      'another account: identity only',
      { identity: [open], resourceAccount: '444455556666' },
      'implicit-deny by resource',
    ],
    [
      'another account: resource only',
      { resource: naming(ROLE), resourceAccount: '444455556666' },
      'implicit-deny by identity',
    ],
    [
      'another account: both',
      { identity: [open], resource: naming(ACCOUNT), resourceAccount: '444455556666' },
      'allowed by identity',
    ],
  ])('%s', (_what, policies, expected) => {
    expect(decide({ requester: REQUESTER }, policies)).toBe(expected);
  });

  const trusting = (Principal: unknown, Condition?: Parts) => ({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal, ...(Condition && { Condition }) },
  });
  it.each<[string, AccessRequest['requester'], PolicySet, Record<string, string>, string]>([
    [
      'the trust policy must allow',
      REQUESTER,
      { identity: [open], trust: trusting({ AWS: `${ROLE}2` }) },
      {},
      'implicit-deny by trust',
    ],
    ['named by its role it needs no more', REQUESTER, { trust: trusting({ AWS: ROLE }) }, {}, 'allowed by trust'],
    [
      'named by its account it needs its own policy',
      REQUESTER,
      { trust: trusting({ AWS: `arn:aws:iam::${ACCOUNT}:root` }) },
      {},
      'implicit-deny by identity',
    ],
    [
      'a service is named by its own name',
      { service: 'lambda.amazonaws.com' },
      { trust: trusting({ Service: ['ecs.amazonaws.com', 'lambda.amazonaws.com'] }) },
      {},
      'allowed by trust',
    ],
    [
      'another service is not',
      { service: 'ec2.amazonaws.com' },
      { trust: trusting({ Service: 'lambda.amazonaws.com' }) },
      {},
      'implicit-deny by trust',
    ],
    [
      'T65 the external id must be given',
      REQUESTER,
      { trust: trusting({ AWS: ROLE }, { StringEquals: { 'sts:ExternalId': 'x' } }) },
      {},
      'implicit-deny by trust',
    ],
    [
      'T65 the external id must be right',
      REQUESTER,
      { trust: trusting({ AWS: ROLE }, { StringEquals: { 'sts:ExternalId': 'x' } }) },
      { 'sts:ExternalId': 'y' },
      'implicit-deny by trust',
    ],
    [
      'T65 the external id opens',
      REQUESTER,
      { trust: trusting({ AWS: ROLE }, { StringEquals: { 'sts:ExternalId': 'x' } }) },
      { 'sts:ExternalId': 'x' },
      'allowed by trust',
    ],
  ])('of a role that is assumed: %s', (_what, requester, policies, conditions, expected) => {
    const request = { action: 'sts:AssumeRole', resource: ROLE, conditions, ...(requester && { requester }) };
    expect(decide(request, policies)).toBe(expected);
  });
});

describe('T60 a token of an identity provider', () => {
  const github = 'token.actions.githubusercontent.com';
  const federated = `arn:aws:iam::${ACCOUNT}:oidc-provider/${github}`;
  const claims = {
    [`${github}:aud`]: 'sts.amazonaws.com',
    [`${github}:sub`]: 'repo:acme@1/infra@2:environment:prod',
  };
  const trust = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: federated },
      Condition: { StringEquals: claims },
    },
  };
  it.each<[string, Record<string, string>, string, string]>([
    ['opens with the claims', claims, federated, 'allowed by trust'],
    [
      'not with others',
      { ...claims, [`${github}:sub`]: 'repo:acme@1/infra@2:pull_request' },
      federated,
      'implicit-deny by trust',
    ],
    ['not without', {}, federated, 'implicit-deny by trust'],
    ['not from another provider', claims, `${federated}.evil.example`, 'implicit-deny by trust'],
  ])('%s', (_what, conditions, provider, expected) => {
    const request = {
      action: 'sts:AssumeRoleWithWebIdentity',
      resource: ROLE,
      conditions,
      requester: { federated: provider },
    };
    expect(decide(request, { trust })).toBe(expected);
  });
});

describe('a document is refused', () => {
  const parts = (change: Parts) => policy(allow(change));
  it.each<[string, unknown, DocumentKind, RegExp]>([
    ['text that is no JSON', '{', 'identity', /invalid Json/],
    ['a list', [], 'identity', /Syntax/],
    ['an unknown version', { Version: '2020-01-01', Statement: allow() }, 'identity', /Syntax/],
    ['an unknown field', { ...policy(allow()), Statements: [] }, 'identity', /Syntax/],
    ['no statement', { Version: '2012-10-17' }, 'identity', /Syntax/],
    ['no statements', policy(), 'identity', /Syntax/],
    ['an unknown field of a statement', parts({ Actions: '*' }), 'identity', /Syntax/],
    ['an effect in lower case', parts({ Effect: 'allow' }), 'identity', /Syntax/],
    ['no action', parts({ Action: undefined }), 'identity', /must contain actions/],
    ['no actions', parts({ Action: [] }), 'identity', /must contain actions/],
    ['Action beside NotAction', parts({ NotAction: '*' }), 'identity', /Syntax/],
    ['an action without a service', parts({ Action: 'GetHostedZone' }), 'identity', /prefaced by a vendor/],
    ['a wildcard for the service', parts({ Action: 'route*:Get' }), 'identity', /Vendor route\* is not valid/],
    ['no resource', parts({ Resource: undefined }), 'identity', /must contain resources/],
    ['a resource that is no ARN', parts({ Resource: 'hostedzone/Z1' }), 'identity', /must be in ARN format/],
    ['a short ARN', parts({ Resource: 'arn:aws:s3' }), 'identity', /must be in ARN format/],
    ['a wildcard for the resource’s service', parts({ Resource: 'arn:aws:*:::x' }), 'identity', /fully qualified/],
    ['a principal', parts({ Principal: '*' }), 'identity', /should not specify a principal/],
    [
      'an unknown operator',
      parts({ Condition: { StringMatches: { 'aws:x': 'a' } } }),
      'identity',
      /Invalid Condition type : StringMatches/,
    ],
    ['NullIfExists', parts({ Condition: { NullIfExists: { 'aws:x': 'a' } } }), 'identity', /Invalid Condition type/],
    ['a key without a service', parts({ Condition: { Bool: { x: 'true' } } }), 'identity', /prefaced by a vendor/],
    ['an object as a value', parts({ Condition: { Bool: { 'aws:x': {} } } }), 'identity', /Syntax/],
    ['a variable without an end', parts({ Resource: 'arn:aws:s3:::${aws:username' }), 'identity', /policy variable/],
    ['a Sid with a blank', parts({ Sid: 'a b' }), 'identity', /alpha-numeric/],
    ['a Sid twice', policy(allow({ Sid: 'a' }), deny({ Sid: 'a' })), 'identity', /must be unique/],
    [
      'a trust policy with a resource',
      parts({ Action: 'sts:AssumeRole', Principal: '*' }),
      'trust',
      /prohibited field Resource/,
    ],
    [
      'a trust policy without a principal',
      parts({ Action: 'sts:AssumeRole', Resource: undefined }),
      'trust',
      /required field Principal/,
    ],
    [
      'a trust policy for other actions',
      parts({ Action: 's3:*', Resource: undefined, Principal: '*' }),
      'trust',
      /STS AssumeRole actions/,
    ],
    [
      'half an ARN as a principal',
      parts({ Principal: { AWS: 'arn:aws:iam::111122223333:role/a*' } }),
      'resource',
      /Invalid principal in policy: "AWS"/,
    ],
    [
      'a service by half its name',
      parts({ Principal: { Service: 'lambda' } }),
      'resource',
      /Invalid principal in policy: "SERVICE":"lambda"/,
    ],
  ])('%s', (_what, document, kind, message) => {
    const json = typeof document === 'string' ? document : JSON.stringify(document);
    expect(() => parsePolicy(json, kind)).toThrow(message);
  });
});

it('a hostile pattern costs pattern × text, not more', () => {
  const pattern = compileGlob(`${'*a'.repeat(200)}b`)!;
  const start = performance.now();
  expect(matches(pattern, 'a'.repeat(5000))).toBe(false);
  expect(performance.now() - start).toBeLessThan(10_000);
});
