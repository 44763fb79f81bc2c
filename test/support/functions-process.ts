/**
 * A process that runs functions in an embedded account and never closes it, bundled and spawned by
 * test/embedded/lambda-process.test.ts. It prints each answer; how long it lives is for the account to decide.
 */
import { writeSync } from 'node:fs';
import { IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { openEmbedded } from '../../src/embedded/index.ts';
import { registerBundle } from '../../src/embedded/lambda/bundles.ts';
import { makeRole } from './function-role.ts';

const SOURCE = `export const handler = async (event) => {
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { event, home: process.env.HOME, canary: process.env.CANARY };
};`;

const zip = zipSync({ 'index.mjs': strToU8(SOURCE) });
registerBundle(zip);
const account = openEmbedded('memory');
const client = account.client(LambdaClient, { region: 'us-east-1' });
await makeRole(account.client(IAMClient, { region: 'us-east-1' }), 'arn:aws:iam::111122223333:role/slow');
await client.send(
  new CreateFunctionCommand({
    FunctionName: 'slow',
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::111122223333:role/slow',
    Timeout: 20,
    Code: { ZipFile: zip },
  }),
);
account.elapse(60_000);
// Not waited for: the process lives until it has an answer.
void account.invoke('slow', 1).then(({ answer }) => writeSync(1, `${JSON.stringify(answer)}\n`));
await client.send(new InvokeCommand({ FunctionName: 'slow', InvocationType: 'Event' }));
