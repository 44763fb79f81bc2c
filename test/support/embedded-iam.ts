import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import type { CreateRoleRequest } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { AssumeRoleRequest } from '@aws-sdk/client-sts';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { AttachableClient, EmbeddedAccount, EmbeddedOptions } from '../../src/embedded/index.ts';

export const ACCOUNT = '111122223333';
export const REGION = { region: 'eu-west-1' };

type Client = AttachableClient & { send: unknown };
type ClientClass<Kind extends Client> = new (options: never) => Kind;

/** Who calls: a session of a role. */
export interface Actor {
  client<Kind extends Client>(Constructor: ClientClass<Kind>): Kind;
}

export interface IamBench {
  readonly account: EmbeddedAccount;
  readonly iam: IAMClient;
  role(name: string, rest?: Partial<CreateRoleRequest>): Promise<string>;
  grant(role: string, ...statements: readonly object[]): Promise<void>;
  assume(arn: string, rest?: Partial<AssumeRoleRequest>, by?: Actor): Promise<Actor>;
}

export function document(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** Trusts a principal, the own account by default. */
export function trust(principal: object = { AWS: ACCOUNT }, condition?: object): string {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal };
  return document({ ...statement, ...(condition && { Condition: condition }) });
}

export function allow(action: string | readonly string[], resource: string = '*', condition?: object): object {
  return { Effect: 'Allow', Action: action, Resource: resource, ...(condition && { Condition: condition }) };
}

export function createIamBench(options: EmbeddedOptions = {}): IamBench {
  const account = openEmbedded('memory', { now: () => Date.parse('2026-11-24T10:00:00Z'), ...options });
  const iam = account.client(IAMClient, REGION);
  const administrator: Actor = { client: (Constructor) => account.client(Constructor, REGION) };
  return {
    account,
    iam,
    async role(RoleName, rest = {}) {
      const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust(), ...rest }));
      return Role!.Arn!;
    },
    async grant(RoleName, ...statements) {
      const PolicyDocument = document(...statements);
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'grant', PolicyDocument }));
    },
    async assume(RoleArn, rest = {}, by = administrator) {
      const sts = by.client(STSClient);
      const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'run', ...rest }));
      const credentials = {
        accessKeyId: Credentials!.AccessKeyId!,
        secretAccessKey: Credentials!.SecretAccessKey!,
        sessionToken: Credentials!.SessionToken!,
      };
      return {
        client(Constructor) {
          const client = new Constructor({ ...account.clientOptions(REGION), credentials } as never);
          client.middlewareStack.use(account.plugin);
          return client;
        },
      };
    },
  };
}
