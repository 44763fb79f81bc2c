import type { CallContext } from './service.ts';

/** The key of what belongs to the caller's account and the request's region. */
export function rowKey(name: string, { caller, region }: Pick<CallContext, 'caller' | 'region'>): string {
  return rowKeyIn(name, { account: caller.account, region });
}

/** Keys of one account and region follow each other in the order of the names; a blank stands in neither. */
export function rowKeyIn(
  name: string,
  { account, region }: { readonly account: string; readonly region: string },
): string {
  return `${account} ${region} ${name}`;
}
