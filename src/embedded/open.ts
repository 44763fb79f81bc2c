import { setTimeout as sleep } from 'node:timers/promises';
import { Account } from './account.ts';
import type { CallCounts, World } from './account.ts';
import type { EmbeddedPlugin } from './attach.ts';
import { administratorCredentials } from './caller.ts';
import type { DummyCredentials } from './caller.ts';
import { clientOptions } from './client-options.ts';
import type { ClientOptions } from './client-options.ts';
import { checkDeliveryPlan } from './delivery/plan.ts';
import type { DeliveryPlan } from './delivery/plan.ts';
import { openDoor } from './door/server.ts';
import type { Door } from './door/server.ts';
import { putSigningKeys } from './door/signing-keys.ts';
import { inventNetwork } from './ec2/invent.ts';
import { putCapacity, putInstances } from './ec2/instance-seed.ts';
import type { Capacity, Instance } from './ec2/instance.ts';
import { putNetwork } from './ec2/seed.ts';
import type { Network, NetworkIds } from './ec2/network.ts';
import { EmbeddedError } from './errors.ts';
import { checkFault } from './faults.ts';
import type { Fault } from './faults.ts';
import { inventSigningKey, putSigningKey } from './kms/seed.ts';
import { functionArn } from './lambda/model.ts';
import { changeQuotas } from './quotas.ts';
import type { Quotas } from './quotas.ts';
import { inventBucket } from './s3/invent.ts';
import { putSparseObject } from './s3/seed.ts';
import type { SparseObject } from './s3/sparse-object.ts';
import { putSecret } from './secrets.ts';
import type { PublishedMessage } from './sns/message.ts';
import { messagesOf } from './sns/kept-messages.ts';
import type { Stale } from './stale-reads.ts';
import { DEFAULT_FILE } from './store/account-file.ts';
import { openFileStore } from './store/file-store.ts';
import { memoryStore } from './store/store.ts';
import type { Store } from './store/store.ts';
import type { TrailEvent, TrailView } from './trail.ts';

export interface EmbeddedOptions {
  /** What goes wrong, in calls of this process. */
  readonly faults?: readonly Fault[];
  /**
   * Reading of the clock in milliseconds since the epoch, default the real one; the account's offset is added. A number: it
   * stands there, and moves as time is let pass.
   */
  readonly now?: number | (() => number);
  /** Twelve digits: where clients act when they name no account. */
  readonly account?: string;
  /**
   * Services whose reads are eventually consistent: they answer with the state of that long ago, by the account's clock.
   * Writes are judged by what is, as at AWS. Default: none.
   */
  readonly stale?: Stale;
  /**
   * How messages between services travel: late, twice, in another order; then `advance` brings them. Default: each once
   * and in its order, in the background of the call that sent it.
   */
  readonly delivery?: DeliveryPlan;
  /**
   * How CloudTrail tells of calls: `delay`, milliseconds until an event can be looked up, default 0 (at AWS up to 15
   * minutes); `lookupsPerSecond`, default unbounded, since budgets are not slept here (at AWS 2).
   */
  readonly trail?: Partial<Omit<TrailView, 'events'>>;
  /** How a `latency:MS` fault waits. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** How a `crash-*` fault ends the process, default SIGKILL. */
  readonly crash?: () => void;
}

/** In which account, and where it matters in which region; default the account's own and `us-east-1`. */
export interface Where {
  readonly account?: string;
  readonly region?: string;
}

/** What an invocation came to. */
export interface InvokedFunction {
  /** What the function answered, or its error: `errorType`, `errorMessage`. */
  readonly answer: unknown;
  /** Set when the function threw, timed out or ended. */
  readonly functionError?: 'Unhandled';
  readonly requestId: string;
  /** What it wrote into its log, with Lambda's own lines. */
  readonly log: readonly string[];
}

/** A client of the SDK, as far as it is attached. */
export interface AttachableClient {
  readonly middlewareStack: { use(plugin: EmbeddedPlugin): void };
}

/** AWS in a file: see docs/architecture.md. */
export interface EmbeddedAccount {
  /** The account in which clients act when they name none. */
  readonly account: string;
  /** Attaches a client: `client.middlewareStack.use(account.plugin)`; twice is as good as once. */
  readonly plugin: EmbeddedPlugin;
  /** An attached client that acts as administrator of `account` and repeats throttled calls without waiting. */
  client<Client extends AttachableClient>(
    Constructor: new (options: never) => Client,
    place: { readonly region: string; readonly account?: string },
  ): Client;
  /** Options for the constructor of a client to which the plugin is then attached; other credentials may be put in. */
  clientOptions(place: { readonly region: string; readonly account?: string }): ClientOptions;
  credentialsFor(account: string): DummyCredentials;
  /** Writes a secret beside the API: `ssm:/path` or `secretsmanager:name`. */
  putSecret(reference: string, value: string, where?: Where): void;
  /**
   * Makes the KMS key of an ARN, of the specification ECC_NIST_P256 and with the default key policy, in the account and
   * region that the ARN names. One that is there stays as it is, unless a private key (PEM) is given.
   */
  putSigningKey(arn: string, privateKey?: string): void;
  /**
   * Writes the public keys of an issuer of JSON Web Tokens beside the API, as its JSON Web Key Set says them: authorizers
   * of HTTP APIs ask no issuer but those on this machine.
   */
  putSigningKeys(issuer: string, keys: object): void;
  /**
   * Writes a network beside the API, under ids of your choice: a VPC (with its main route table, default security group
   * and default network ACL), subnets, gateways, security groups. Written again, it overwrites what it names.
   */
  putNetwork(network: Network, where?: Where): void;
  /**
   * Makes up what does not exist of a network of which only the ids are known, so that somebody's own configuration
   * can be tried out here. @returns the ids of what was made.
   */
  inventNetwork(ids: NetworkIds, where?: Where): readonly string[];
  /** Makes the key of an ARN, as `putSigningKey` does, where there is none. @returns whether it was made. */
  inventSigningKey(arn: string): boolean;
  /** Makes a bucket where nobody has one of that name. @returns whether it was made. */
  inventBucket(name: string, where?: Where): boolean;
  /** Writes an object beside the API, of any size: its octets follow from a seed and are never held. */
  putSparseObject(object: SparseObject): void;
  /**
   * Writes instances beside the API, in any state and with tags that the API refuses; written again under the same id,
   * an instance is overwritten. @returns their ids.
   */
  putInstances(instances: readonly Instance[], where?: Where): readonly string[];
  /** Says how many instances of a type AWS has room for in a zone; `instances: 0`: none can be started any more. */
  putCapacity(capacity: Capacity, where?: Where): void;
  /** Raises or lowers the quotas of one account, as AWS's support would. */
  setQuotas(quotas: Quotas, where?: Pick<Where, 'account'>): void;
  /**
   * Runs a function now and waits for its end, without any permission.
   *
   * @throws the service's errors for one that does not exist, is being created, or may not run here.
   */
  invoke(functionName: string, event?: unknown, where?: Where): Promise<InvokedFunction>;
  /**
   * Ends when no event that was handed over, such as an asynchronous invocation or a message to a topic, is waiting or
   * running. What a plan of deliveries holds back waits for `advance`.
   */
  settled(): Promise<void>;
  /**
   * Turns the clock forward, for everybody who uses this account file. What is due on the way happens at its moment:
   * rules start functions, messages arrive, alarms are judged. Where nothing is due the clock has moved when the call returns.
   */
  advance(milliseconds: number): Promise<void>;
  /** Lets time pass: the clock moves on, and nothing happens by it. */
  elapse(milliseconds: number): void;
  /** Milliseconds since the epoch by the account's clock. */
  now(): number;
  /** The newest 10,000 calls by anybody, oldest first. */
  events(): readonly TrailEvent[];
  /** What was published on a topic, the newest 100, oldest first. @param topicArn of any account of the file */
  messages(topicArn: string): readonly PublishedMessage[];
  /** Calls made through this object. */
  calls(): CallCounts;
  /**
   * Opens an HTTP server on 127.0.0.1 that does what API Gateway does with requests to the account's HTTP APIs: at
   * `urlOf(API-ID)`, or by the Host header `API-ID.execute-api.REGION.amazonaws.com`. Requests are signed with the
   * account's dummy credentials. It goes with the account when that is closed.
   *
   * @param port default 0: any free one
   * @throws EmbeddedError TU4015 for a port that is none or in use
   */
  serve(port?: number): Promise<Door>;
  close(): void;
}

const DEFAULT_ACCOUNT = '111122223333';
const DEFAULT_REGION = 'us-east-1';
const ACCOUNT_ID = /^\d{12}$/;

/**
 * Opens an embedded AWS account.
 *
 * @param file where it is kept, made when absent; `'memory'`: nowhere.
 * @throws EmbeddedError when the file is damaged, of a newer version, locked or not ours, or an option is wrong.
 */
export function openEmbedded(file: string = DEFAULT_FILE, options: EmbeddedOptions = {}): EmbeddedAccount {
  return openOver(() => (file === 'memory' ? memoryStore() : openFileStore(file)), options);
}

/** An account over a store, which is opened once the options are known to be right; several may share one. */
export function openOver(openStore: () => Store, options: EmbeddedOptions = {}): EmbeddedAccount {
  const defaultAccount = checkAccount(options.account ?? DEFAULT_ACCOUNT);
  const faults = (options.faults ?? []).map((fault, index) => checkFault(fault, `entry ${index}`));
  const store = openStore();
  const account = new Account(store, makeWorld(options), faults, {
    stale: options.stale,
    delivery: options.delivery && checkDeliveryPlan(options.delivery),
  });

  const doors = new Set<Door>();
  let isClosed = false;

  function optionsFor(place: { readonly region: string; readonly account?: string }): ClientOptions {
    return clientOptions(place.region, administratorCredentials(checkAccount(place.account ?? defaultAccount)));
  }

  function placeOf(where: Where = {}): Required<Where> {
    return { account: checkAccount(where.account ?? defaultAccount), region: where.region ?? DEFAULT_REGION };
  }

  return {
    account: defaultAccount,
    plugin: account.plugin,
    client(Constructor, place) {
      const client = new Constructor(optionsFor(place) as never);
      client.middlewareStack.use(account.plugin);
      return client;
    },
    clientOptions: optionsFor,
    credentialsFor: (id) => administratorCredentials(checkAccount(id)),
    putSecret(reference, value, where) {
      account.change((data, now) => putSecret(reference, value, placeOf(where), data, now));
    },
    putSigningKey(arn, privateKey) {
      account.change((data, now) => putSigningKey(arn, privateKey, data, now));
    },
    putSigningKeys(issuer, keys) {
      account.change((data) => putSigningKeys(issuer, keys, data));
    },
    putNetwork(network, where) {
      account.change((data, now) => putNetwork(network, placeOf(where), data, now));
    },
    inventNetwork: (ids, where) => account.change((data, now) => inventNetwork(ids, placeOf(where), data, now)),
    inventSigningKey: (arn) => account.change((data, now) => inventSigningKey(arn, data, now)),
    inventBucket: (name, where) => account.change((data, now) => inventBucket(name, placeOf(where), data, now)),
    putSparseObject(object) {
      account.change((data, now) => putSparseObject(object, data, now));
    },
    putInstances: (instances, where) =>
      account.change((data, now) => putInstances(instances, placeOf(where), data, now)),
    putCapacity(capacity, where) {
      account.change((data, now) => putCapacity(capacity, placeOf(where), data, now));
    },
    setQuotas(quotas, where = {}) {
      const id = checkAccount(where.account ?? defaultAccount);
      account.change((data) => changeQuotas(data, id, quotas));
    },
    async invoke(functionName, event = {}, where = {}) {
      const place = {
        account: checkAccount(where.account ?? defaultAccount),
        region: where.region ?? DEFAULT_REGION,
      };
      const arn = functionArn({ ...place, name: functionName });
      const { payload, ...rest } = await account.host.functions.invoke(arn, JSON.stringify(event));
      return { ...rest, answer: JSON.parse(payload) as unknown };
    },
    settled: () => account.settled(),
    advance: (milliseconds) => account.advance(milliseconds),
    elapse: (milliseconds) => account.elapse(milliseconds),
    now: () => account.now(),
    events: () => account.events(),
    messages: (topicArn) => account.host.read((data) => structuredClone(messagesOf(topicArn, data))),
    calls: () => account.calls(),
    async serve(port = 0) {
      const door = await openDoor(account.host, port);
      doors.add(door);
      // The account was closed while the door opened.
      if (isClosed) await door.close();
      return door;
    },
    close() {
      isClosed = true;
      for (const door of doors) void door.close();
      account.close();
    },
  };
}

/** Timers that tests turn may put another in its place. */
const realNow = Date.now;

function makeWorld(options: EmbeddedOptions): World {
  const { now = Date.now } = options;
  return {
    now: typeof now === 'number' ? () => now : now,
    clock: typeof now === 'number' ? 'standing' : now === realNow ? 'real' : undefined,
    sleep: options.sleep ?? ((milliseconds) => sleep(milliseconds)),
    crash: options.crash ?? (() => process.kill(process.pid, 'SIGKILL')),
    trail: { delay: 0, ...options.trail },
  };
}

function checkAccount(id: string): string {
  if (ACCOUNT_ID.test(id)) return id;
  throw new EmbeddedError(
    'TU4015',
    `${JSON.stringify(id)} is not an AWS account id.`,
    'An account id is a string of 12 digits, such as "111122223333".',
  );
}
