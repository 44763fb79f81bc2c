import type { ExplainResult } from '../../src/engine/explain.ts';

const place = { account: '111122223333', region: 'eu-west-1' };
const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:corp-mirror-cf76a3c613';

/** A document: one object that moved on both sides, one to be made, one that is not ours, and what hangs on it. */
export const explained: ExplainResult = {
  format: 'trueup/explain@1',
  address: 'ZoneMirror/corp',
  owner: 'acme-network',
  complete: false,
  document: {
    address: 'ZoneMirror/corp',
    file: 'config/dns/corp.yaml',
    line: 4,
    summary: 'corp.example.com from 10.0.0.1 into a private hosted zone',
    formerly: ['office'],
    adopt: false,
    protect: true,
    onRemove: null,
  },
  objects: [
    {
      id: 'ZoneMirror/corp/Mirror',
      type: 'AWS::Lambda::Function',
      resource: 'corp-mirror-cf76a3c613',
      ...place,
      declared: true,
      state: 'present',
      ownership: {
        verdict: 'ours',
        says: 'ours: it carries our marker',
        marker: 'acme-network/ZoneMirror/corp/Mirror',
        by: 'tag',
      },
      protected: true,
      onRemove: 'delete',
      properties: [
        { path: 'FunctionName', value: 'corp-mirror-cf76a3c613' },
        { path: 'MemorySize', value: 512 },
        { path: 'Role', value: { $get: ['MirrorRole', 'Arn'] } },
        { path: 'Environment', value: { Variables: { TRUEUP_DOCUMENT: { secret: true } } } },
      ],
      plan: {
        action: 'update',
        reason: 'both',
        says: 'update: the document changed, and so did the object outside git',
        changes: [
          {
            path: 'MemorySize',
            before: 128,
            after: 512,
            cause: 'both',
            says: 'the document changed, and so did the object outside git',
          },
          {
            path: 'Environment',
            before: { Variables: { TRUEUP_DOCUMENT: { secret: true } } },
            after: { Variables: { TRUEUP_DOCUMENT: { secret: true } } },
            cause: 'git',
            says: 'the document changed since the last apply',
          },
        ],
      },
      dependsOn: ['ZoneMirror/corp/MirrorLogs', 'ZoneMirror/corp/MirrorPolicy'],
      neededBy: ['ZoneMirror/corp/Permission'],
      permissions: {
        look: ['lambda:GetFunctionConfiguration', 'lambda:ListTags'].map((action) => ({
          action,
          resource: functionArn,
        })),
        act: [
          { action: 'lambda:UpdateFunctionConfiguration', resource: functionArn },
          {
            action: 'iam:PassRole',
            resource: 'arn:aws:iam::111122223333:role/trueup/acme-network/corp-mirror-role-0c054e873d',
            context: { 'iam:PassedToService': 'lambda.amazonaws.com' },
          },
        ],
      },
    },
    {
      id: 'ZoneMirror/corp/Rule',
      type: 'AWS::Events::Rule',
      resource: 'corp-rule-f12554e9d5',
      ...place,
      declared: true,
      state: 'absent',
      ownership: { verdict: 'absent', says: 'nothing is there', marker: null, by: 'tag' },
      protected: null,
      onRemove: null,
      properties: [{ path: 'ScheduleExpression', value: 'rate(5 minutes)' }],
      plan: {
        action: 'create',
        reason: 'missing',
        says: 'create: it does not exist',
        changes: [
          {
            path: 'ScheduleExpression',
            before: null,
            after: 'rate(5 minutes)',
            cause: 'git',
            says: 'the document changed since the last apply',
          },
        ],
      },
      dependsOn: ['ZoneMirror/corp/Permission'],
      neededBy: [],
      permissions: {
        look: [
          {
            action: 'events:DescribeRule',
            resource: 'arn:aws:events:eu-west-1:111122223333:rule/corp-rule-f12554e9d5',
          },
        ],
        act: [
          { action: 'events:PutRule', resource: 'arn:aws:events:eu-west-1:111122223333:rule/corp-rule-f12554e9d5' },
        ],
      },
    },
    {
      id: 'ZoneMirror/corp/Zone',
      type: 'AWS::Route53::HostedZone',
      resource: 'Z0123456789ABCDEFGHIJ',
      ...place,
      declared: true,
      state: 'present',
      ownership: { verdict: 'foreign', says: 'not ours: it carries no marker', marker: null, by: 'companion' },
      protected: null,
      onRemove: null,
      properties: [{ path: 'Name', value: 'corp.example.com.' }],
      plan: { action: null, reason: null, says: 'nothing: it is not ours', changes: [] },
      dependsOn: [],
      neededBy: ['ZoneMirror/corp/Records'],
      permissions: { look: [{ action: 'route53:ListHostedZones', resource: '*' }], act: [] },
    },
    {
      id: 'ZoneMirror/corp/Records',
      type: 'AWS::Route53::RecordSetGroup',
      resource: null,
      ...place,
      declared: true,
      state: 'not-looked-at',
      ownership: {
        verdict: null,
        says: 'not looked at: it hangs on an object that is not ours',
        marker: null,
        by: 'container',
      },
      protected: null,
      onRemove: null,
      properties: [],
      plan: { action: null, reason: null, says: 'nothing: it was not looked at', changes: [] },
      dependsOn: ['ZoneMirror/corp/Zone'],
      neededBy: [],
      permissions: { look: [], act: [] },
    },
  ],
  findings: [
    {
      document: 'ZoneMirror/corp',
      code: 'foreign',
      severity: 'blocks',
      message: 'AWS::Route53::HostedZone Z0123456789ABCDEFGHIJ exists and carries no marker of trueup: it is not ours',
      hint: 'to take it over, set metadata.adopt: true (the next apply writes the marker and nothing else)',
    },
  ],
  next: 'trueup plan --only ZoneMirror/corp --out plan.json',
  calls: { IAM: { reads: 12, writes: 0 }, Lambda: { reads: 8, writes: 0 } },
};

/** One object of it. */
export const explainedObject: ExplainResult = {
  ...explained,
  address: 'ZoneMirror/corp/Mirror',
  complete: true,
  objects: explained.objects.slice(0, 1),
  findings: [],
};

/** An object that only the account knows. */
export const explainedUndeclared: ExplainResult = {
  format: 'trueup/explain@1',
  address: 'ZoneMirror/old/MirrorLogs',
  owner: 'acme-network',
  complete: true,
  document: null,
  objects: [
    {
      id: 'ZoneMirror/old/MirrorLogs',
      type: 'AWS::Logs::LogGroup',
      resource: '/aws/lambda/old-mirror-0a1b2c3d4e',
      ...place,
      declared: false,
      state: 'present',
      ownership: {
        verdict: 'ours',
        says: 'ours: it carries our marker, and nothing declares it',
        marker: 'acme-network/ZoneMirror/old/MirrorLogs',
        by: 'tag',
      },
      protected: false,
      onRemove: 'release',
      properties: [],
      plan: { action: 'release', reason: 'not-declared', says: 'release: nothing declares it any more', changes: [] },
      dependsOn: ['ZoneMirror/old/Mirror'],
      neededBy: [],
      permissions: {
        look: [{ action: 'logs:DescribeLogGroups', resource: 'arn:aws:logs:eu-west-1:111122223333:log-group::*' }],
        act: [
          {
            action: 'logs:UntagResource',
            resource: 'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/old-mirror-0a1b2c3d4e',
          },
        ],
      },
    },
  ],
  findings: [],
  next: 'trueup plan --out plan.json',
  calls: { STS: { reads: 1, writes: 0 } },
};

/** Every text of it that the world or a stranger may have written. */
export function hostileExplanation(text: string): ExplainResult {
  const [object] = explained.objects;
  if (!object) throw new Error('the fixture has an object');
  return {
    ...explainedUndeclared,
    address: text,
    objects: [
      {
        ...object,
        id: text,
        type: text,
        resource: text,
        account: text,
        region: text,
        ownership: { ...object.ownership, says: text, marker: text },
        properties: [{ path: text, value: text }],
        plan: {
          action: 'update',
          reason: 'drifted',
          says: text,
          changes: [{ path: text, before: text, after: [text], cause: 'drift', says: text }],
        },
        dependsOn: [text],
        neededBy: [text],
        permissions: { look: [{ action: text, resource: text, context: { [text]: text } }], act: [] },
      },
    ],
    findings: [{ document: text, code: text, severity: 'blocks', message: text, hint: text }],
    next: text,
  };
}
