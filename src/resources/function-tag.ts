import { LambdaClient, ListTagsCommand, TagResourceCommand } from '@aws-sdk/client-lambda';
import type { Aws } from '../aws/clients.ts';
import type { Place } from '../engine/types.ts';
import { arn } from './arns.ts';

/** One tag of a function, apart from those by which it is declared and owned. */
export interface FunctionTag {
  read(): Promise<string | undefined>;
  write(value: string): Promise<void>;
}

/** Whoever may write objects beside the function cannot write this. */
export async function functionTag(aws: Aws, place: Place, functionName: string, key: string): Promise<FunctionTag> {
  const client = await aws.client(LambdaClient, place);
  const Resource = arn('lambda', place, `function:${functionName}`);
  return {
    async read() {
      const { Tags = {} } = await client.send(new ListTagsCommand({ Resource }));
      return Tags[key];
    },
    async write(value) {
      await client.send(new TagResourceCommand({ Resource, Tags: { [key]: value } }));
    },
  };
}
