import { describe, expect, it } from 'vitest';
import type { Desired, Document, Value } from '../../src/engine/types.ts';
import { ROWS } from '../../src/render/rows.ts';
import type { Declaration, Rendered } from '../../src/render/rows.ts';
import { HERE } from '../support/fake-world.ts';
import { resourceSpec, templateProblems } from '../support/cloudformation-spec.ts';

const TopicArn = 'arn:aws:sns:eu-west-1:111122223333:acme-invoices-fanout';
const SUBSCRIPTION = {
  TopicArn,
  Protocol: 'lambda',
  Endpoint: 'arn:aws:lambda:eu-west-1:111122223333:function:copy',
  FilterPolicy: { Records: { s3: { object: { key: [{ prefix: '2026/' }] } } } },
  FilterPolicyScope: 'MessageBody',
  RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:111122223333:dead' },
};

function declared(type: string, properties: Readonly<Record<string, Value>>, name = 'it'): Declaration {
  const desired: Desired = { id: 'It', type, place: HERE, properties };
  return { document: {} as Document, desired, properties, name, handlerName: () => '' };
}

function rendered(type: string, properties: Readonly<Record<string, Value>>) {
  const row = ROWS[type] as Rendered;
  const declaration = declared(type, properties);
  const form = row.form?.(declaration) ?? { properties };
  if ('why' in form) throw new Error(form.why);
  const identifier = row.identifier(declaration);
  expect(Object.keys(identifier)).toEqual([...(resourceSpec(type)!.primaryIdentifier ?? [])]);
  const template = {
    AWSTemplateFormatVersion: '2010-09-09' as const,
    Resources: { It: { Type: type, Properties: form.properties } },
    Outputs: Object.fromEntries(
      Object.entries(row.outputs?.('It', properties) ?? {}).map(([end, { what, value }]) => [
        `It${end}`,
        { Description: what, Value: value },
      ]),
    ),
  };
  return { problems: templateProblems(template as never), properties: form.properties, identifier };
}

describe('topics in templates', () => {
  it.each<[string, Readonly<Record<string, Value>>, Readonly<Record<string, string | null>>]>([
    [
      'AWS::SNS::Topic',
      { TopicName: 'acme-invoices-fanout', DisplayName: 'invoices', Tags: [{ Key: 'a', Value: 'b' }] },
      { TopicArn },
    ],
    ['AWS::SNS::TopicInlinePolicy', { TopicArn, PolicyDocument: { Version: '2012-10-17' } }, { TopicArn }],
    [
      'AWS::SNS::TopicInlinePolicy',
      { TopicArn: { 'Fn::GetAtt': ['It', 'TopicArn'] }, PolicyDocument: { Version: '2012-10-17' } },
      { TopicArn: null },
    ],
    ['AWS::SNS::Subscription', SUBSCRIPTION, { Arn: null }],
  ])('%s is by CloudFormation’s schema, and imported by what it says', (type, properties, identifier) => {
    const { problems, ...form } = rendered(type, properties);

    // The reference of the policy is to itself here, which has no such attribute.
    expect(problems.filter((problem) => !problem.includes('has no TopicArn'))).toEqual([]);
    expect(form).toEqual({ properties, identifier });
  });

  it('a subscription without policies leaves them out, and a scope with them', () => {
    const { TopicArn: topic, Protocol, Endpoint } = SUBSCRIPTION;

    expect(
      rendered('AWS::SNS::Subscription', { ...SUBSCRIPTION, FilterPolicy: {}, RedrivePolicy: {} }).properties,
    ).toEqual({ TopicArn: topic, Protocol, Endpoint });
  });

  it('an entry in a bucket’s notification configuration is left out, and it is said what to do', () => {
    const row = ROWS['Trueup::S3::BucketNotification'];
    if (row === undefined || !('leftOut' in row)) throw new Error('it is rendered');
    const Id = 'acme-network/BucketFanOut/invoices/Notification';
    const properties = { Bucket: 'acme-invoices', TopicArn, Events: ['s3:ObjectCreated:*'] };

    const why = row.leftOut(declared('Trueup::S3::BucketNotification', properties, `acme-invoices/${Id}`));

    expect(why).toContain(`The entry ${Id} of acme-invoices stays as it is`);
    expect(why).toContain('aws s3api get-bucket-notification-configuration --bucket acme-invoices');
  });
});
