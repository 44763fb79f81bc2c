import {
  ApiGatewayV2Client,
  GetApiCommand,
  GetApisCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Api, GetApiCommandOutput } from '@aws-sdk/client-apigatewayv2';
import type { Aws } from '../../aws/clients.ts';
import { isAwsError, isReplyLost, reasonOf } from '../../aws/errors.ts';
import type { Place, Progress } from '../../engine/types.ts';
import type { TagWriter } from '../tagged.ts';

export const GONE = 'NotFoundException';
export const THERE = 'ConflictException';

/** Until something that somebody else made, or an earlier try, is listed. */
export const VISIBLE_AGAIN_MS = 2_000;
/** How long a creation whose reply was lost is looked for before it may be sent again. */
const LOST_REPLY_MS = 15_000;
/** API Gateway takes ten requests a second of all callers together (Developer Guide, "Amazon API Gateway quotas"). */
const THROTTLED_MS = 3_000;

export function gatewayOf(aws: Aws, place: Place): Promise<ApiGatewayV2Client> {
  return aws.client(ApiGatewayV2Client, place);
}

/** For creations that no token and no unique name guards: a second try would make a second object. */
export function gatewayForOnce(aws: Aws, place: Place): Promise<ApiGatewayV2Client> {
  return aws.client(ApiGatewayV2Client, place, { once: true });
}

/**
 * A creation that is sent once. What became of it is seen by looking: the engine does, and only what is not there after a
 * while is asked for again.
 *
 * @param what `the API`.
 */
export async function sentOnce(what: string, send: () => Promise<unknown>): Promise<Progress> {
  try {
    await send();
  } catch (error) {
    if (reasonOf(error) === 'throttled') {
      return { done: false, waiting: 'for API Gateway to take requests again', again: THROTTLED_MS };
    }
    if (!isReplyLost(error)) throw error;
    return { done: false, waiting: `to see whether ${what} was made: the reply was lost`, again: LOST_REPLY_MS };
  }
  return { done: true };
}

interface Page<Item> {
  readonly Items?: Item[] | undefined;
  readonly NextToken?: string | undefined;
}

/** All items of a list: the SDK has no paginator for these. @param ask one page, by the token of the page before. */
export async function allItems<Item>(
  ask: (page: { readonly NextToken?: string }) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let token: string | undefined;
  do {
    const { Items = [], NextToken } = await ask(token === undefined ? {} : { NextToken: token });
    items.push(...Items);
    token = NextToken;
  } while (token !== undefined && token !== '');
  return items;
}

/** Every API of a region, with its tags. */
export async function listApis(aws: Aws, place: Place): Promise<readonly Api[]> {
  const client = await gatewayOf(aws, place);
  return allItems((page) => client.send(new GetApisCommand(page)));
}

/** Undefined: there is none of this id. */
export async function getApi(aws: Aws, place: Place, ApiId: string): Promise<GetApiCommandOutput | undefined> {
  const client = await gatewayOf(aws, place);
  try {
    return await client.send(new GetApiCommand({ ApiId }));
  } catch (error) {
    if (isAwsError(error, GONE)) return undefined;
    throw error;
  }
}

export async function gatewayTags(aws: Aws, place: Place, ResourceArn: string): Promise<TagWriter> {
  const client = await gatewayOf(aws, place);
  return {
    async add(tags) {
      await client.send(new TagResourceCommand({ ResourceArn, Tags: { ...tags } }));
    },
    async remove(keys) {
      await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: [...keys] }));
    },
  };
}
