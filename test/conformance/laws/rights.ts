import { AttachRolePolicyCommand, CreatePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import type { Permission } from '../../../src/engine/types.ts';
import { policyOf } from '../../../src/iam/policy.ts';
import type { PolicyStatement } from '../../../src/iam/policy.ts';
import { managedPolicies } from '../../../src/iam/size.ts';
import { KINDS } from '../../../src/reconcilers/registry.ts';
import { expectApplied } from './law.ts';
import type { Law } from './law.ts';
import { SCENES } from './scenes.ts';
import type { Stage } from '../stage.ts';

const ROLE = 'trueup-apply';

/** What is done is what was said: no call without its permission among those that the resource types declare. */
export const RIGHTS: Readonly<Record<string, Law>> = {
  'calls ⊆ permissions': {
    says: 'apply works as a role that has exactly the permissions which the resource types declare for the planned actions, and the kinds for what they ask',
    async check(bench) {
      const figures: string[] = [];
      for (const [name, start] of Object.entries(SCENES)) {
        const { stand, base } = await start(bench);
        stand.restore(base);
        const needs = await stand.needs();
        await makeRole(stand, [...needs.map(({ permission }) => permission), ...(await asked(stand))]);
        const settings = stand.read('settings.yaml');
        stand.write(
          'settings.yaml',
          settings.replace(
            'id: "111122223333"',
            `id: "111122223333", applyRole: "arn:aws:iam::111122223333:role/${ROLE}"`,
          ),
        );
        const process = stand.process();
        expectApplied(await process.apply());
        const denied = process.account.events().filter(({ errorCode }) => /Denied|Unauthorized/.test(errorCode ?? ''));
        expect(denied.map(({ eventName, errorMessage }) => `${eventName}: ${errorMessage}`)).toEqual([]);
        figures.push(`${name} ${needs.length} permissions`);
      }
      return figures.join(', ');
    },
  },
};

/** What the kinds say that they ask of the world around their resources. */
async function asked(stand: Stage): Promise<readonly Permission[]> {
  const { documents, estate } = await stand.load();
  const asks = documents.flatMap((document) => {
    const registered = KINDS.find(({ kind }) => kind.kind === document.kind);
    return registered?.asks?.(document, estate) ?? [];
  });
  return asks.map(({ permission }) => permission);
}

async function makeRole(stand: Stage, permissions: readonly Permission[]): Promise<void> {
  const iam = stand.process().account.client(IAMClient, { region: 'us-east-1' });
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '111122223333' } }],
  };
  await iam.send(new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  // In as many policies as it takes: what stands in the role itself has a limit of its own.
  for (const [index, part] of managedPolicies(policyOf(permissions.map(statementOf))).entries()) {
    const PolicyDocument = JSON.stringify(part);
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: `exactly-${index}`, PolicyDocument }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: ROLE, PolicyArn: Policy!.Arn! }));
  }
}

function statementOf({ action, resource, context }: Permission): PolicyStatement {
  return {
    Effect: 'Allow',
    Action: [action],
    Resource: [resource],
    ...(context && { Condition: { StringEquals: context } }),
  };
}
