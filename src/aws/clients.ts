import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { AwsError, describeError, isExpired, isMuteDenial, rememberCall } from './errors.ts';
import { createPace } from './pace.ts';
import type { Pace } from './pace.ts';
import type { Account, Calls, Clock, Place } from '../engine/types.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Constructor options that every SDK client takes. */
export interface ClientOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: Credentials | (() => Promise<Credentials>);
  readonly maxAttempts?: number;
  readonly [option: string]: unknown;
}

/** What a middleware is told of a call. */
interface CallContext {
  readonly clientName?: string;
  readonly commandName?: string;
}

type Handler = (args: unknown) => Promise<unknown>;

/** The part of the SDK's middleware stack that the factory uses. */
interface MiddlewareStack {
  add(
    middleware: (next: Handler, context: CallContext) => Handler,
    options: { step: 'initialize' | 'finalizeRequest'; priority: 'low'; name: string; override: true },
  ): void;
  use(plugin: unknown): void;
}

/** Credentials of an assumed role. */
interface Session {
  readonly provide: () => Promise<Credentials>;
  /**
   * Assumes the role once more, once in a command.
   * @param expired what was refused; others may have renewed it by now
   * @throws when it was done before, or cannot be
   */
  renew(expired: Promise<Credentials>): Promise<void>;
}

/** A client of the SDK, as far as the factory must know it. */
interface AnyClient {
  readonly middlewareStack: unknown;
}

type ClientConstructor<Client extends AnyClient> = new (options: never) => Client;

/** How a client waits. */
export interface Manner {
  /** Answers may take as long as a function runs, and a call is sent once. */
  readonly patient?: true;
  /** Answers may take as long as S3 takes to copy 5 GiB; sent again as any other call. */
  readonly slow?: true;
  /** Answered within seconds, and sent once: whoever asks counts how often it asks. */
  readonly brief?: true;
  /** Sent once: it makes an object that nothing guards from being made twice. */
  readonly once?: true;
  /** The lease's own calls: they ask nobody whether they may be sent. */
  readonly ungated?: true;
}

/** Where requests go: AWS, another endpoint, or the embedded account. */
export interface Backend {
  options(place: Place, manner: Manner): ClientOptions;
  /** Attached to every client that is made. */
  readonly plugin?: unknown;
}

export interface AwsConfiguration {
  readonly backend: Backend;
  /** Accounts by id; one that is not here cannot be reached. */
  readonly accounts: ReadonlyMap<string, Account>;
  readonly defaultAccount: string;
  readonly defaultRegion: string;
  /** Which of an account's roles is assumed. `caller`: none, the caller's own credentials are used. */
  readonly role: 'plan' | 'apply' | 'caller';
  /** Ends the names of assumed sessions, so that the trail can tell runs apart. */
  readonly run: string;
  /** The credentials are a function's own: whose they are need not be asked. */
  readonly ownCredentials?: true;
  /** Time for budgets: real, or counted and not slept. */
  readonly clock: Clock;
  /** Asked before every attempt of every call; throws where nothing may be sent any more. */
  readonly gate?: () => void;
  /** How many calls may be made in all, retries counted; default: `CALLS_A_COMMAND`, and no limit for a function. */
  readonly callBudget?: number;
}

/** The factory: clients are constructed here and nowhere else. */
export interface Aws {
  /**
   * A client that acts in the place's account, shared by all who ask for it.
   * @throws AwsError TU2001 when the credentials belong to another account, before anything else is asked of it.
   */
  client<Client extends AnyClient>(
    constructor: ClientConstructor<Client>,
    place: Place,
    manner?: Manner,
  ): Promise<Client>;
  calls(): Calls;
}

/**
 * Shared by all callers of an account, so that some are left to the others: Route 53 allows 5 requests a second (research:
 * dns §2.1), Lambda's control plane 15, which cannot be raised (Developer Guide, "Lambda quotas"); IAM publishes no rate,
 * 15 are borne (design §10). API Gateway's control plane takes 10 of an account in all, which cannot be raised (Developer
 * Guide, "Amazon API Gateway quotas").
 */
const REQUESTS_PER_SECOND: Readonly<Record<string, number>> = { ApiGatewayV2: 8, IAM: 12, Lambda: 12, Route53: 4 };

/** Of a region's own: LookupEvents takes "two per second, per account, per Region" (CloudTrail API Reference). */
const REQUESTS_PER_SECOND_AND_REGION: Readonly<Record<string, number>> = { CloudTrail: 2 };

/**
 * What no command needs (threats T142): a zone of a million records is written in some 5,000 calls. A mirror that is made
 * takes 143 (docs/performance.md), and three attempts for each at most (threats F08): large estates may call more.
 */
const CALLS_A_COMMAND = 100_000;
const CALLS_A_DOCUMENT = 500;

/** How many calls a command for so many documents may make in all. */
export function callsFor(documents: number): number {
  return Math.max(CALLS_A_COMMAND, documents * CALLS_A_DOCUMENT);
}

/** Assumed roles are renewed this long before they expire. */
const RENEWAL_MARGIN_MS = 5 * 60_000;
const SESSION_SECONDS = 3600;
const READ_COMMAND = /^(Get|List|Describe|Head|Lookup|Test|Simulate|Assume|Sign|Verify)/;

/**
 * Stands in the trail of every call of a command, so that our own writes are told from anybody else's where no role is
 * assumed, too.
 */
function userAgentOf({ role, run }: Pick<AwsConfiguration, 'role' | 'run'>): [string, string][] {
  return [[`trueup-${role}`, run]];
}

/** A session tells its role's name, which is once in an account, and not its path. */
const ROLE_SESSION = /^arn:[\w-]+:sts::(\d{12}):assumed-role\/([^/]+)\//;

function serviceOf(clientName = ''): string {
  return clientName.replace(/Client$/, '');
}

function budgetSpent(spent: number, service: string, command: string): AwsError {
  return new AwsError(
    'TU2005',
    `this command has made ${spent.toLocaleString('en-US')} calls to AWS, as many as one may; ${service} ${command} was not sent`,
    { hint: 'trueup plan --only GLOB shows a part of the estate; run again, what is done is not done twice' },
  );
}

export function createAws(configuration: AwsConfiguration): Aws {
  const { backend, accounts, clock } = configuration;
  const home: Place = { account: configuration.defaultAccount, region: configuration.defaultRegion };
  const clients = new Map<string, AnyClient>();
  const callers = new Map<string, Promise<Session | undefined>>();
  const paces = new Map<string, Pace>();
  const counts = new Map<string, { reads: number; writes: number }>();
  const budget =
    configuration.callBudget ?? (configuration.ownCredentials ? Number.POSITIVE_INFINITY : CALLS_A_COMMAND);
  let spent = 0;
  /** Why nothing is sent any more. */
  let closed: AwsError | undefined;

  function construct<Client extends AnyClient>(
    constructor: ClientConstructor<Client>,
    place: Place,
    session?: Session,
    manner: Manner = {},
  ): Client {
    const key = JSON.stringify([constructor.name, place.account, place.region, session !== undefined, manner]);
    const known = clients.get(key);
    if (known) return known as Client;
    const options = {
      ...backend.options(place, manner),
      ...(session && { credentials: session.provide }),
      ...(!configuration.ownCredentials && { customUserAgent: userAgentOf(configuration) }),
    };
    const client = new constructor(options as never);
    const stack = client.middlewareStack as MiddlewareStack;
    stack.add(countAndPace(place, manner), {
      step: 'finalizeRequest',
      priority: 'low',
      name: 'trueupCalls',
      override: true,
    });
    if (!configuration.ownCredentials) {
      stack.add(renewOnce(place, session, manner), {
        step: 'initialize',
        priority: 'low',
        name: 'trueupCredentials',
        override: true,
      });
    }
    if (backend.plugin) stack.use(backend.plugin);
    clients.set(key, client);
    return client;
  }

  /**
   * Sits above the SDK's retries and signing. What AWS refuses because credentials have expired is sent once more with
   * new ones, and where there are none nothing new is sent by anybody (threats F17).
   */
  function renewOnce(place: Place, session: Session | undefined, { ungated }: Manner) {
    return (next: Handler, { clientName = '', commandName = '' }: CallContext): Handler =>
      async (args) => {
        for (;;) {
          if (closed && !ungated) throw closed;
          const used = session?.provide();
          try {
            await used;
            return await next(args);
          } catch (error) {
            rememberCall(error, {
              service: serviceOf(clientName),
              command: commandName.replace(/Command$/, ''),
              place,
            });
            if (isMuteDenial(error) && commandName.startsWith('Head')) {
              // Its caller is asked for: that call says whether they have expired, and renews them.
              const sts = construct(STSClient, place, session);
              await sts.send(new GetCallerIdentityCommand({})).catch((why: unknown) => {
                throw why instanceof AwsError ? why : error;
              });
              if (!session || session.provide() === used) throw error;
            } else if (isExpired(error)) {
              await renewed(place.account, session && used && (() => session.renew(used)), error);
            } else {
              throw error;
            }
          }
        }
      };
  }

  async function renewed(account: string, renew: (() => Promise<void>) | undefined, expired: unknown): Promise<void> {
    try {
      if (!renew) throw expired;
      await renew();
    } catch (cause) {
      closed ??= new AwsError(
        'TU2006',
        `the credentials for account ${accountOf(account).alias} (${account}) have expired and there are no others: nothing more is sent (${describeError(cause)})`,
        { hint: 'log in again and run the same command again: what is done is not done twice', cause },
      );
      throw closed;
    }
  }

  /** Sits below the SDK's retries: every attempt counts and waits for its turn. */
  function countAndPace(place: Place, { ungated }: Manner) {
    return (next: Handler, context: CallContext): Handler =>
      async (args) => {
        const service = serviceOf(context.clientName);
        const command = context.commandName ?? '';
        if (spent >= budget) throw budgetSpent(spent, service, command);
        spent += 1;
        const count = counts.get(service) ?? { reads: 0, writes: 0 };
        count[READ_COMMAND.test(command) ? 'reads' : 'writes'] += 1;
        counts.set(service, count);
        await paceOf(service, place)?.();
        // Last of all: whatever was waited for, the right to send must hold now.
        if (!ungated) configuration.gate?.();
        return next(args);
      };
  }

  function paceOf(service: string, { account, region }: Place): Pace | undefined {
    const regional = REQUESTS_PER_SECOND_AND_REGION[service];
    const rate = regional ?? REQUESTS_PER_SECOND[service];
    if (rate === undefined) return undefined;
    const key = `${service}/${account}${regional === undefined ? '' : `/${region}`}`;
    const pace = paces.get(key) ?? createPace(rate, clock);
    paces.set(key, pace);
    return pace;
  }

  function accountOf(id: string): Account {
    const account = accounts.get(id);
    if (account) return account;
    throw new AwsError('TU2002', `account ${id} is not declared in Settings`, {
      hint: 'add it under spec.accounts of the Settings document',
    });
  }

  /** Credentials for an account, proved to belong to it. */
  async function enter(id: string): Promise<Session | undefined> {
    const account = accountOf(id);
    const arn = { plan: account.planRole, apply: account.applyRole, caller: undefined }[configuration.role];
    if (!arn && id !== configuration.defaultAccount) {
      throw new AwsError('TU2003', `account ${account.alias} (${id}) names no ${configuration.role}Role`, {
        hint: `only the default account may be entered with the caller's own credentials: add spec.accounts.${account.alias}.${configuration.role}Role`,
      });
    }
    const place = { account: id, region: configuration.defaultRegion };
    const session = arn && !(await isOwn(arn, id)) ? assumed(arn, account) : undefined;
    if (configuration.ownCredentials) return session;
    const sts = construct(STSClient, place, session);
    const caller = await sts.send(new GetCallerIdentityCommand({}));
    if (caller.Account !== id) {
      throw new AwsError(
        'TU2001',
        `these are credentials of account ${caller.Account ?? 'unknown'} (${caller.Arn ?? 'no ARN'}), Settings declare ${account.alias} as ${id}`,
        { hint: 'switch the profile (AWS_PROFILE) or correct spec.accounts in Settings; nothing else was asked' },
      );
    }
    return session;
  }

  /** Whoever was started as the role, as workflows are, needs not assume it: its trust names them, and not itself. */
  async function isOwn(arn: string, account: string): Promise<boolean> {
    if (configuration.ownCredentials || account !== configuration.defaultAccount) return false;
    const { Arn: own = '' } = await construct(STSClient, home).send(new GetCallerIdentityCommand({}));
    const [, callerAccount, callerRole] = ROLE_SESSION.exec(own) ?? [];
    return callerAccount === account && callerRole === arn.slice(arn.lastIndexOf('/') + 1);
  }

  function assumed(arn: string, account: Account): Session {
    let current: Promise<Credentials> | undefined;
    let renewAt = 0;
    let isRenewed = false;

    function provide(): Promise<Credentials> {
      if (!current || clock.now() >= renewAt) {
        current = assume();
        renewAt = clock.now() + SESSION_SECONDS * 1000 - RENEWAL_MARGIN_MS;
        current.catch(() => {
          current = undefined;
        });
      }
      return current;
    }

    return {
      // The SDK then asks each time, and remembers none itself.
      provide: Object.assign(provide, { memoized: true }),
      async renew(expired) {
        if (current === expired) {
          if (isRenewed) throw new Error('they were renewed once already');
          isRenewed = true;
          current = assume();
        }
        // All calls that were under way share it.
        await current;
      },
    };

    async function assume(): Promise<Credentials> {
      // The caller's own client, so that roles are never chained.
      const sts = construct(STSClient, home);
      const { Credentials: session } = await sts.send(
        new AssumeRoleCommand({
          RoleArn: arn,
          RoleSessionName: `trueup-${configuration.role}-${configuration.run}`.slice(0, 64),
          DurationSeconds: SESSION_SECONDS,
          ...(account.externalId && { ExternalId: account.externalId }),
        }),
      );
      if (!session?.AccessKeyId || !session.SecretAccessKey || !session.SessionToken) {
        throw new AwsError('TU2004', `${arn} was assumed and no credentials came back`);
      }
      return {
        accessKeyId: session.AccessKeyId,
        secretAccessKey: session.SecretAccessKey,
        sessionToken: session.SessionToken,
        ...(session.Expiration && { expiration: session.Expiration }),
      };
    }
  }

  return {
    async client(constructor, place, manner) {
      const caller = callers.get(place.account) ?? enter(place.account);
      callers.set(place.account, caller);
      return construct(constructor, place, await caller, manner);
    },
    calls: () =>
      Object.fromEntries(
        [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([service, count]) => [service, { ...count }]),
      ),
  };
}
