import { IAMClient } from '@aws-sdk/client-iam';
import type { Aws } from '../aws/clients.ts';

/** IAM is a global service: every client of an account asks the same place. */
const GLOBAL_REGION = 'us-east-1';

export function iamOf(aws: Aws, { account }: { readonly account: string }): Promise<IAMClient> {
  return aws.client(IAMClient, { account, region: GLOBAL_REGION });
}
