import { Route53Client } from '@aws-sdk/client-route-53';
import type { Aws } from '../aws/clients.ts';

/** Route 53 is a global service: every client of an account asks the same place. */
const GLOBAL_REGION = 'us-east-1';

export function route53Of(aws: Aws, { account }: { readonly account: string }): Promise<Route53Client> {
  return aws.client(Route53Client, { account, region: GLOBAL_REGION });
}
