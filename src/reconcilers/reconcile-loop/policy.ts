import type { Estate, Place } from '../../engine/types.ts';
import { arn, globalArn } from '../../resources/arns.ts';
import { loopStateKey, loopStateRow } from '../../resources/lease/loop-state.ts';
import type { LoopStatePlace } from '../../resources/lease/loop-state.ts';
import { nameOf } from '../function/names.ts';
import { functionArn, secretStatements } from '../function/policy.ts';
import type { Statement } from '../function/policy.ts';
import { TAKEN_TAG } from './function-contract.ts';
import { approvalsOf, homeOf, LOOP, stateOf } from './loop-document.ts';
import type { ReconcileLoop } from './loop-document.ts';
import { assumedRoles } from './roles.ts';

/**
 * What the function may do as itself: read where its configuration comes from, hold its signature against the one key,
 * keep its state, start itself, and become the roles of Settings. What it looks at and writes it does as those.
 */
export function loopStatements(document: ReconcileLoop, estate: Estate): readonly Statement[] {
  const { source, signingKey, issue } = document.spec;
  const place = homeOf(estate);
  const state = stateOf(document, estate);
  const approvals = approvalsOf(document);
  const read = [source.s3, approvals].flatMap((object) => object ?? []);
  const buckets = [...read.map(({ bucket }) => bucket), ...('bucket' in state.store ? [state.store.bucket] : [])];
  const token = source.github?.token;
  const own = functionArn(nameOf(document, estate, LOOP), place);
  return [
    ...(read.length > 0
      ? [
          allow(
            'Source',
            ['s3:GetObject'],
            read.map(({ bucket, key }) => globalArn('s3', place, `${bucket}/${key}`, '')),
          ),
        ]
      : []),
    ...(buckets.length > 0 ? [absence(buckets, place)] : []),
    ...(signingKey === undefined ? [] : [allow('Verify', ['kms:Verify'], [signingKey])]),
    ...(token === undefined ? [] : secretStatements(token, place, 'SourceToken')),
    ...(issue === undefined || issue.token === token ? [] : secretStatements(issue.token, place, 'IssueToken')),
    ...stateStatements(state),
    allow('GoOn', ['lambda:InvokeFunction'], [own]),
    // By a tag of its own it knows what it took and wrote: whoever may write objects cannot write that.
    allow('Taken', ['lambda:ListTags'], [own]),
    {
      ...allow('Take', ['lambda:TagResource'], [own]),
      Condition: {
        'ForAllValues:StringEquals': { 'aws:TagKeys': [TAKEN_TAG] },
        Null: { 'aws:TagKeys': 'false' },
      },
    },
    ...becoming(assumedRoles(document, estate)),
  ];
}

/**
 * Without it an object that is not there is a refusal. Whether S3 hands the prefix to a policy when it asks for this is
 * not documented, so that the whole bucket's names can be listed (API reference of GetObject, "Permissions").
 */
function absence(buckets: readonly string[], place: Place): Statement {
  return allow(
    'Absence',
    ['s3:ListBucket'],
    buckets.map((bucket) => globalArn('s3', place, bucket, '')),
  );
}

/** Of a table its own row alone (DynamoDB guide, "Using IAM policy conditions"). */
function stateStatements(state: LoopStatePlace): readonly Statement[] {
  const { place, store } = state;
  if ('bucket' in store) {
    const object = globalArn('s3', place, `${store.bucket}/${loopStateKey(state)}`, '');
    return [allow('State', ['s3:GetObject', 's3:PutObject'], [object])];
  }
  const table = [arn('dynamodb', place, `table/${store.table}`)];
  return [
    allow('Table', ['dynamodb:DescribeTable'], table),
    {
      ...allow('State', ['dynamodb:GetItem', 'dynamodb:PutItem'], table),
      Condition: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [loopStateRow(state)] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    },
  ];
}

function becoming(roles: readonly string[]): readonly Statement[] {
  return roles.length === 0 ? [] : [allow('Roles', ['sts:AssumeRole'], roles)];
}

/** Sorted, each once. */
function allow(Sid: string, Action: readonly string[], resources: readonly string[]): Statement {
  return { Sid, Effect: 'Allow', Action, Resource: [...new Set(resources)].sort() };
}
