import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { EmbeddedAccount } from '../../embedded/index.ts';

export const REGION = { region: 'eu-west-1' };

/** Fields of a log line in JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** Name of the function that begins so; empty: there is none. */
export async function functionNamed(account: EmbeddedAccount, beginning: string): Promise<string> {
  const { Functions = [] } = await account.client(LambdaClient, REGION).send(new ListFunctionsCommand({}));
  return Functions.find(({ FunctionName = '' }) => FunctionName.startsWith(beginning))?.FunctionName ?? '';
}

/** What a function has logged since a moment, in milliseconds since the epoch: its own lines, without Lambda's. */
export async function linesOf(
  account: EmbeddedAccount,
  functionName: string,
  startTime: number,
): Promise<readonly Fields[]> {
  const client = account.client(CloudWatchLogsClient, REGION);
  const logGroupName = `/aws/lambda/${functionName}`;
  const { events = [] } = await client.send(new FilterLogEventsCommand({ logGroupName, startTime }));
  return events
    .map(({ message = '' }) => message)
    .filter((message) => message.startsWith('{'))
    .map((message) => JSON.parse(message) as Fields);
}

/** The fields of a line that there are, in this order. */
export function shown(line: Fields, fields: readonly string[]): string {
  return fields
    .filter((field) => line[field] !== undefined)
    .map((field) => `${field} ${typeof line[field] === 'string' ? line[field] : JSON.stringify(line[field])}`)
    .join(', ');
}
