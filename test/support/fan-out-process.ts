import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
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
import { rightsOf } from './fan-out-bench.ts';
import type { FanOutBench } from './fan-out-bench.ts';
import { document as policy, trust } from './embedded-iam.ts';

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

/** The function's work without Lambda, with its rights: one invocation, which can be watched, stopped and killed. */
export async function fanOutProcess(
  { account, document }: Pick<FanOutBench, 'account' | 'document'>,
  invocation: string,
  watch: Watch = {},
): Promise<FanOutProcess> {
  const controller = new AbortController();
  const clock = { now: () => account.now(), sleep: () => Promise.resolve() };
  const last = new AbortController();
  const time = { clock, stop: controller.signal, end: last.signal, left: () => Number.POSITIVE_INFINITY };
  const aws = watchedAws(document, account, watch, await credentialsOf(document, account));
  const open = await openWorlds(configurationOf(document), aws, time, invocation);
  return {
    work: (work) => doWork(work, configurationOf(document), open),
    stop: () => controller.abort(),
    end: () => last.abort(),
  };
}

/** Of a session of a role that has the function's rights. */
async function credentialsOf(document: FanOutDocument, account: FanOutBench['account']) {
  const iam = account.client(IAMClient, document.place);
  const RoleName = 'copier';
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust() })).catch((error: Error) => {
    if (error.name !== 'EntityAlreadyExistsException') throw error;
  });
  const PolicyDocument = policy(...rightsOf(document));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'function', PolicyDocument }));
  const RoleArn = `arn:aws:iam::${document.place.account}:role/${RoleName}`;
  const sts = account.client(STSClient, document.place);
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'run' }));
  return {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
}

function watchedAws(
  { place }: FanOutDocument,
  account: FanOutBench['account'],
  watch: Watch,
  credentials: Awaited<ReturnType<typeof credentialsOf>>,
): Aws {
  return createAws({
    backend: {
      options: (where) => ({ ...account.clientOptions(where), credentials, retryStrategy: sendOnce() }),
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
