import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';

/** The account as a session of a role sees it. @param by whose session assumes the role; default: the administrator */
export async function actAs(account: EmbeddedAccount, RoleArn: string, by = account): Promise<EmbeddedAccount> {
  const sts = by.client(STSClient, { region: 'eu-west-1' });
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'run' }));
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  return {
    ...account,
    clientOptions: (place) => ({ ...account.clientOptions(place), credentials }),
    client(Constructor, place) {
      const client = new Constructor({ ...account.clientOptions(place), credentials } as never);
      client.middlewareStack.use(account.plugin);
      return client;
    },
  };
}
