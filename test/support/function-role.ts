import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import type { IAMClient } from '@aws-sdk/client-iam';

const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' };

/** A role that Lambda may assume and that may do everything, or what these statements allow. */
export async function makeRole(
  iam: IAMClient,
  arn: string,
  statements: readonly object[] = [EVERYTHING],
): Promise<void> {
  const [, path = '/', RoleName = ''] = /role(\/(?:.+\/)?)([^/]+)$/.exec(arn) ?? [];
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
  const document = (Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
  const request = { RoleName, Path: path, AssumeRolePolicyDocument: document([trust]) };
  await iam.send(new CreateRoleCommand(request)).catch((error: Error) => {
    if (error.name !== 'EntityAlreadyExistsException') throw error;
  });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument: document(statements) }));
}
