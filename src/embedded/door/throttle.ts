import type { RouteSettings } from '@aws-sdk/client-apigatewayv2';
import { ACCOUNT_BURST, ACCOUNT_RATE } from '../apigatewayv2/settings.ts';
import type { StoredStage } from '../apigatewayv2/model.ts';

/** Requests a second, and how many may come at once. */
export interface Throttle {
  readonly rate: number;
  readonly burst: number;
}

/** How many requests may come now, as of a moment; the moment in milliseconds. */
export interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** The limits of one route of a stage; those of the account hold for all. */
export function throttleOf({ byRoute, defaults }: Pick<StoredStage, 'byRoute' | 'defaults'>, key: string): Throttle {
  const own: RouteSettings = { ...defaults, ...byRoute[key] };
  return {
    rate: Math.min(own.ThrottlingRateLimit ?? ACCOUNT_RATE, ACCOUNT_RATE),
    burst: Math.min(own.ThrottlingBurstLimit ?? ACCOUNT_BURST, ACCOUNT_BURST),
  };
}

/**
 * The token bucket algorithm: it fills by the rate up to the burst, and each request takes a token. A clock that went
 * back fills nothing.
 *
 * @returns the bucket afterwards; undefined: there is no token, and the bucket is as it was.
 */
export function takeToken(bucket: Bucket | undefined, { rate, burst }: Throttle, now: number): Bucket | undefined {
  const elapsed = bucket === undefined ? 0 : Math.max(0, now - bucket.at);
  const tokens = Math.min(burst, (bucket?.tokens ?? burst) + (elapsed / 1000) * rate);
  if (tokens < 1) return undefined;
  return { tokens: tokens - 1, at: Math.max(now, bucket?.at ?? now) };
}
