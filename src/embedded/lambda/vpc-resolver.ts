import type { ResolverAddress } from '../hook.ts';
import type { StoredFunction } from './model.ts';

/** Where the resolver of a function's VPC listens; undefined: it is in none. */
export function resolverOf({ settings }: StoredFunction): Promise<ResolverAddress | undefined> {
  return Promise.resolve(settings.subnets.length > 0 ? undefined : undefined);
}
