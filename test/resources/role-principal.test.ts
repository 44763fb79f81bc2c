import type { IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { Aws } from '../../src/aws/clients.ts';
import { createRoleType } from '../../src/resources/aws-iam-role.ts';
import type { RoleProperties } from '../../src/resources/aws-iam-role.ts';
import type { Target } from '../../src/engine/types.ts';

const TARGET: Target<RoleProperties> = {
  address: 'InstanceSchedule/office/Member444455556666Role',
  owner: 'acme',
  place: { account: '444455556666', region: 'eu-west-1' },
  properties: { RoleName: 'office-member', Path: '/trueup/acme/', AssumeRolePolicyDocument: { Statement: [] } },
  token: '',
  applied: '',
  protect: false,
};

/** IAM that refuses every write with this. */
function refusing(message: string): Aws {
  const error = Object.assign(new Error(message), { name: 'MalformedPolicyDocumentException', $metadata: {} });
  const client = { send: () => Promise.reject(error) } as unknown as IAMClient;
  return { client: async () => client, calls: () => ({}) } as unknown as Aws;
}

describe('a role that trusts one which was made a moment ago', () => {
  it('is tried again until IAM knows that one', async () => {
    const type = createRoleType(refusing('Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/office"'));

    expect(await type.create(TARGET)).toMatchObject({ done: false, again: 2_000 });
  });

  it('is not tried again where its policy is wrong in another way', async () => {
    const type = createRoleType(refusing('Syntax errors in policy.'));

    await expect(type.create(TARGET)).rejects.toThrow('Syntax errors in policy.');
  });
});
