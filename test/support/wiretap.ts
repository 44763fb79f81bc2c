import type { ClientStack, EmbeddedAccount } from '../../src/embedded/index.ts';

/** One attempt of a call, below the SDK's retries, before the account sees it. */
export interface Attempt {
  /** `S3`, `Route53`. */
  readonly service: string;
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
}

interface Context {
  readonly clientName?: string;
  readonly commandName?: string;
}

type Next = (args: { readonly input: object }) => Promise<unknown>;

/** The account, with somebody who sees each attempt and may wait, or throw in its place. */
export function tapped(
  account: EmbeddedAccount,
  see: (attempt: Attempt, number: number) => void | Promise<void>,
  caller?: string,
): EmbeddedAccount & { readonly attempts: readonly Attempt[]; isBusy(): boolean } {
  const attempts: Attempt[] = [];
  let underWay = 0;
  const tap =
    (next: Next, { clientName = '', commandName = '' }: Context): Next =>
    async (args) => {
      const attempt: Attempt = {
        service: clientName.replace(/Client$/, ''),
        command: commandName.replace(/Command$/, ''),
        input: { ...args.input },
      };
      attempts.push(attempt);
      underWay += 1;
      try {
        await see(attempt, attempts.length);
        return await next(args);
      } finally {
        underWay -= 1;
      }
    };
  return {
    ...account,
    attempts,
    isBusy: () => underWay > 0,
    clientOptions: (place) => account.clientOptions({ ...place, ...(caller !== undefined && { account: caller }) }),
    plugin: {
      applyToStack(stack: ClientStack) {
        account.plugin.applyToStack(stack);
        // After signing, and after whoever paces and asks the lease.
        stack.add(tap, { name: 'wiretap', step: 'deserialize', priority: 'high', override: true });
      },
    },
  };
}

/** As AWS would say it. */
export function serviceFault(name: string, status: number): Error {
  return Object.assign(new Error(`${name} (injected)`), {
    name,
    $fault: status >= 500 ? 'server' : 'client',
    $metadata: { httpStatusCode: status },
  });
}
