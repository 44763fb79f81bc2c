import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { createAws } from '../../src/aws/clients.ts';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import type { Account } from '../../src/engine/types.ts';
import { actAs } from '../support/act-as.ts';
import { trust } from '../support/embedded-iam.ts';
import { HOME, PARTNER, roleArn } from '../support/generated-roles.ts';

const REGION = { region: 'eu-west-1' };
const ACCOUNTS: readonly Account[] = [
  { alias: 'prod', id: HOME, planRole: roleArn(HOME, 'plan') },
  { alias: 'partner', id: PARTNER, planRole: roleArn(PARTNER, 'plan') },
];

async function withRole(RoleName: string, account = HOME): Promise<EmbeddedAccount> {
  const embedded = openEmbedded('memory');
  const iam = embedded.client(IAMClient, { ...REGION, account });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust({ AWS: HOME }) }));
  return embedded;
}

/** Who acts in an account for somebody who was started as a role, and which roles were assumed for it. */
async function enter(embedded: EmbeddedAccount, started: string, id: string): Promise<readonly string[]> {
  const session = await actAs(embedded, started);
  const begin = embedded.events().length;
  const aws = createAws({
    backend: {
      options: ({ region }) => ({ ...session.clientOptions({ region, account: HOME }) }),
      plugin: session.plugin,
    },
    accounts: new Map(ACCOUNTS.map((account) => [account.id, account])),
    defaultAccount: HOME,
    defaultRegion: REGION.region,
    role: 'plan',
    run: 'run-1',
    clock: { now: () => 0, sleep: async () => undefined },
  });
  const sts = await aws.client(STSClient, { ...REGION, account: id });
  const { Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  const assumed = embedded
    .events()
    .slice(begin)
    .filter(({ eventName }) => eventName === 'AssumeRole');
  return [Arn, ...assumed.map(({ requestParameters }) => (requestParameters as { roleArn: string }).roleArn)];
}

describe('T65 a command that was started as a role', () => {
  it('T65 that Settings name for the home account uses it as it is: the role need not trust itself', async () => {
    const embedded = await withRole('trueup-plan');
    expect(await enter(embedded, roleArn(HOME, 'plan'), HOME)).toEqual([
      `arn:aws:sts::${HOME}:assumed-role/trueup-plan/run`,
    ]);
  });

  it.each([
    ['of another name', 'trueup-ci', HOME],
    ['of the same name in another account', 'trueup-plan', PARTNER],
  ])('T65 %s assumes the one that Settings name', async (_what, name, account) => {
    const embedded = await withRole(name, account);
    const started = `arn:aws:iam::${account}:role/${name}`;
    // It has no right to, and tries all the same: another role's rights are never used in its place.
    await expect(enter(embedded, started, HOME)).rejects.toThrow(
      `not authorized to perform: sts:AssumeRole on resource: ${roleArn(HOME, 'plan')}`,
    );
  });
});
