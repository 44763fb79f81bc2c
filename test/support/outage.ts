import type { ClientStack, EmbeddedAccount } from '../../src/embedded/index.ts';

type Handler = (call: {
  readonly request?: { readonly headers?: Readonly<Record<string, string>> };
}) => Promise<object>;

/** The embedded account as it is seen while one of its regions is down: what is sent there fails, and has no effect. */
export function withoutRegion(account: EmbeddedAccount, region: string, failure: () => Error): EmbeddedAccount {
  const outage =
    (next: Handler): Handler =>
    async (call) => {
      if (call.request?.headers?.['authorization']?.includes(`/${region}/`)) throw failure();
      return next(call);
    };
  const plugin = {
    applyToStack(stack: ClientStack) {
      account.plugin.applyToStack(stack);
      stack.add(outage, { name: 'outage', step: 'deserialize', priority: 'high', override: true });
    },
  };
  return { ...account, plugin };
}
