import { IAMClient } from '@aws-sdk/client-iam';
import type { EvaluationResult } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { Aws } from '../aws/clients.ts';
import type { Permission } from '../engine/types.ts';
import { simulationsOf } from './simulation-questions.ts';
import { simulate } from './simulation.ts';

const PLACE = { account: '111122223333', region: 'eu-west-1' };

function permission(action: string, resource: string, context?: Permission['context']): Permission {
  return { action, resource, ...(context && { context }) };
}

describe('questions', () => {
  it('of one context are one, those on no resource another', () => {
    const asked = [
      permission('a:Get', 'arn:1'),
      permission('a:Put', 'arn:1'),
      permission('b:Get', 'arn:2'),
      permission('a:List', '*'),
      permission('b:List', '*'),
      permission('iam:PassRole', 'arn:3', { 'iam:PassedToService': 'lambda.amazonaws.com' }),
    ];
    expect(simulationsOf(asked).map(({ actions, resources, context }) => [actions, resources, context])).toEqual([
      [['a:Get', 'a:Put', 'b:Get'], ['arn:1', 'arn:2'], {}],
      [['a:List', 'b:List'], ['*'], {}],
      [['iam:PassRole'], ['arn:3'], { 'iam:PassedToService': 'lambda.amazonaws.com' }],
    ]);
  });

  it('ask all, each once, and no more than 200 pairs each', () => {
    const asked = Array.from({ length: 90 }, (_, index) =>
      ['Get', 'List', 'Put', ...(index % 3 === 0 ? ['Delete'] : [])].map((verb) =>
        permission(`s${index % 7}:${verb}`, `arn:${index}`),
      ),
    ).flat();
    const questions = simulationsOf(asked);

    expect(questions.flatMap((question) => question.asked).toSorted(byText)).toEqual(asked.toSorted(byText));
    for (const { actions, resources } of questions) expect(actions.length * resources.length).toBeLessThanOrEqual(200);
    expect(questions.length).toBeLessThan(12);
  });

  it('alike of many resources are divided', () => {
    const asked = Array.from({ length: 150 }, (_, index) =>
      ['x:Get', 'x:Put'].map((name) => permission(name, `arn:${index}`)),
    );
    expect(simulationsOf(asked.flat()).map(({ resources }) => resources.length)).toEqual([100, 50]);
  });
});

function byText(a: Permission, b: Permission): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** IAM with one answer. */
function answering(...EvaluationResults: readonly EvaluationResult[]): Aws {
  const client = Object.assign(Object.create(IAMClient.prototype) as IAMClient, {
    send: async () => ({ EvaluationResults }),
  });
  return { client: async () => client, calls: () => ({}) } as unknown as Aws;
}

describe('an answer', () => {
  const asked = [permission('a:Get', 'arn:1'), permission('a:Get', 'arn:2')];
  const allowed = { EvalActionName: 'a:Get', EvalDecision: 'allowed' } as const;
  const refused = { EvalActionName: 'a:Get', EvalDecision: 'implicitDeny' } as const;

  it('with a result for each resource is read', async () => {
    const aws = answering({ ...allowed, EvalResourceName: 'arn:1' }, { ...refused, EvalResourceName: 'arn:2' });
    expect(await simulate(aws, PLACE, 'arn:role', asked)).toEqual({
      denials: [{ permission: asked[1], by: 'not-allowed' }],
      missingKeys: [],
    });
  });

  it('with the results of the resources in one is read', async () => {
    const aws = answering({
      ...refused,
      EvalResourceName: '*',
      ResourceSpecificResults: [
        { EvalResourceName: 'arn:1', EvalResourceDecision: 'explicitDeny' },
        { EvalResourceName: 'arn:2', EvalResourceDecision: 'allowed' },
      ],
    });
    expect((await simulate(aws, PLACE, 'arn:role', asked)).denials).toEqual([{ permission: asked[0], by: 'denied' }]);
  });

  it('tells the organization from the policies', async () => {
    const aws = answering({ ...refused, OrganizationsDecisionDetail: { AllowedByOrganizations: false } });
    expect((await simulate(aws, PLACE, 'arn:role', asked.slice(0, 1))).denials[0]!.by).toBe('organization');
  });

  it('that leaves something out is none', async () => {
    const aws = answering({ ...allowed, EvalResourceName: 'arn:1' });
    await expect(simulate(aws, PLACE, 'arn:role', asked)).rejects.toThrow('says nothing of a:Get on arn:2');
  });
});
