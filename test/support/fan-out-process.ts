import { createAws } from '../../src/aws/clients.ts';
import type { Aws } from '../../src/aws/clients.ts';
import { countedClock } from '../../src/aws/clocks.ts';
import { sendOnce } from '../../src/aws/retry.ts';
import type { FanOutDocument } from '../../src/reconcilers/bucket-fan-out/fan-out-document.ts';
import { configurationOf } from '../../src/runtime/bucket-fan-out/configuration.ts';
import { doWork } from '../../src/runtime/bucket-fan-out/do-work.ts';
import type { Done } from '../../src/runtime/bucket-fan-out/do-work.ts';
import type { Work } from '../../src/runtime/bucket-fan-out/event.ts';
import { openWorlds } from '../../src/runtime/bucket-fan-out/open-world.ts';
import type { FanOutBench } from './fan-out-bench.ts';

/** Told of every call to AWS; it may throw before the call, or after it, as a process that dies. */
export interface Watch {
  before?(command: string): void;
  after?(command: string): void;
}

export interface FanOutProcess {
  /** Does one piece of work as the function does it, in this process. */
  work(work: Work): Promise<Done>;
  /** From now on nothing new is begun. */
  stop(): void;
  /** From now on nothing is waited for. */
  end(): void;
}

type Handler = (args: unknown) => Promise<unknown>;

interface Stack {
  add(
    middleware: (next: Handler, context: { readonly commandName?: string }) => Handler,
    options: { step: 'initialize'; name: string; override: true },
  ): void;
}

/** The function's work without Lambda: one invocation, which can be watched, stopped and killed. */
export async function fanOutProcess(
  { account, document }: Pick<FanOutBench, 'account' | 'document'>,
  invocation: string,
  watch: Watch = {},
): Promise<FanOutProcess> {
  const controller = new AbortController();
  const clock = { now: () => account.now(), sleep: () => Promise.resolve() };
  const last = new AbortController();
  const time = { clock, stop: controller.signal, end: last.signal };
  const open = await openWorlds(configurationOf(document), watchedAws(document, account, watch), time, invocation);
  return {
    work: (work) => doWork(work, configurationOf(document), open),
    stop: () => controller.abort(),
    end: () => last.abort(),
  };
}

function watchedAws({ place }: FanOutDocument, account: FanOutBench['account'], watch: Watch): Aws {
  return createAws({
    backend: {
      options: (where) => ({ ...account.clientOptions(where), retryStrategy: sendOnce() }),
      plugin: {
        applyToStack(stack: never) {
          account.plugin.applyToStack(stack);
          (stack as Stack).add(
            (next, { commandName = '' }) =>
              async (args) => {
                watch.before?.(commandName);
                const result = await next(args);
                watch.after?.(commandName);
                return result;
              },
            { step: 'initialize', name: 'watch', override: true },
          );
        },
      },
    },
    accounts: new Map([[place.account, { id: place.account, alias: 'prod' }]]),
    defaultAccount: place.account,
    defaultRegion: place.region,
    role: 'apply',
    run: 'test',
    clock: countedClock(),
    ownCredentials: true,
  });
}
