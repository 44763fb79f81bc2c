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

export interface TappedAccount extends EmbeddedAccount {
  readonly attempts: readonly Attempt[];
  /** Is any call under way? */
  isBusy(): boolean;
}

interface TapOptions {
  /** Whose credentials they are, instead of who should be calling. */
  readonly caller?: string;
  /** Told after the account has done what was asked; may throw away the answer. */
  answered?(attempt: Attempt): void;
}

/** The account, with somebody who sees each attempt and may wait, or throw in its place. */
export function tapped(
  account: EmbeddedAccount,
  see: (attempt: Attempt, number: number) => void | Promise<void>,
  { caller, answered }: TapOptions = {},
): TappedAccount {
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
      const number = attempts.push(attempt);
      underWay += 1;
      try {
        await see(attempt, number);
        const answer = await next(args);
        answered?.(attempt);
        return answer;
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
