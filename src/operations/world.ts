import { callsFor, createAws } from '../aws/clients.ts';
import type { Aws, AwsConfiguration } from '../aws/clients.ts';
import { unknownFrom } from '../aws/errors.ts';
import type { Clock, Place, ResourceType } from '../engine/types.ts';
import { createScheduler } from '../engine/world.ts';
import type { World } from '../engine/world.ts';
import { ownersOf } from '../iam/tree.ts';
import { openKinds } from '../reconcilers/registry.ts';
import { createForeignNotificationsReader } from '../resources/bucket-notification/foreign.ts';
import {
  createBucketLister,
  createBucketPolicyReader,
  createBucketReader,
  createDefaultEncryptionReader,
} from '../resources/bucket-view.ts';
import { createDeployedReader } from '../resources/deployed-document.ts';
import { createCapacityReader, createFunctionReader, createReservedReader } from '../resources/function-capacity.ts';
import { createInventory } from '../resources/inventory.ts';
import { listInstances } from '../resources/instances.ts';
import { createInvoke } from '../resources/invoke.ts';
import { readNetwork } from '../resources/network.ts';
import { resourceTypes } from '../resources/registry.ts';
import type { ListingMode } from '../resources/registry.ts';
import { createTopicReader } from '../resources/topics.ts';
import { backendOf, clockOf, pacingClockOf } from './endpoint.ts';
import type { BackendOptions, Endpoint } from './endpoint.ts';
import { installedHandlers } from './handlers.ts';
import type { Project } from './project.ts';
import type { Reporter } from './reporter.ts';

/** Who asks AWS, and where. */
export interface ConnectOptions extends BackendOptions {
  readonly endpoint: Endpoint;
  readonly role: AwsConfiguration['role'];
  /** Ends the names of assumed sessions. */
  readonly run?: string;
  /** By which request budgets are kept; default: the endpoint's. */
  readonly pacingClock?: Clock;
  /** Asked before every request. */
  readonly gate?: () => void;
  /** How many calls may be made in all; default: by the documents. */
  readonly callBudget?: number;
}

export interface WorldOptions extends ConnectOptions {
  readonly role: 'plan' | 'apply';
  readonly listing: ListingMode;
  readonly reporter: Reporter;
  /** Parallel tasks in one account and region; default 10. */
  readonly concurrency?: number;
  /** Further regions to look into, for what nothing declares. */
  readonly regions?: readonly string[];
}

/** Who asks AWS: one for a command, however many worlds look through it. */
export function connect(project: Project, options: ConnectOptions): Aws {
  return createAws({
    backend: backendOf(options.endpoint, project.defaultAccount.id, options),
    accounts: project.accounts,
    defaultAccount: project.defaultAccount.id,
    defaultRegion: project.settings.defaultRegion,
    role: options.role,
    run: options.run ?? 'local',
    clock: options.pacingClock ?? pacingClockOf(options.endpoint),
    callBudget: options.callBudget ?? callsFor(project.documents.length),
    ...(options.gate && { gate: options.gate }),
  });
}

/** A world that has seen nothing yet: its types remember what they look at. */
export function createWorld(project: Project, aws: Aws, options: WorldOptions): World {
  const clock = clockOf(options.endpoint);
  const types = resourceTypes(aws, {
    listing: options.listing,
    onTransfer: (zone, counts) => options.reporter.onTransfer(zone, counts),
    bundles: (sha256) => installedHandlers().zip(sha256),
    now: () => clock.now(),
  });
  return {
    kinds: openKinds({
      bucket: createBucketReader(aws),
      bucketPolicy: createBucketPolicyReader(aws),
      defaultEncryption: createDefaultEncryptionReader(aws),
      listBucket: createBucketLister(aws),
      capacity: createCapacityReader(aws),
      functionState: createFunctionReader(aws),
      deployed: createDeployedReader(aws),
      reserved: createReservedReader(aws),
      invoke: createInvoke(aws),
      instances: (place, tagKeys) => listInstances(aws, place, tagKeys).catch(unknownFrom),
      network: (place, asked) => readNetwork(aws, place, asked),
      topic: createTopicReader(aws),
      notifications: createForeignNotificationsReader(aws),
    }),
    types: new Map(types.map((type): [string, ResourceType] => [type.type, type])),
    estate: project.estate,
    formerOwners: project.settings.formerly,
    clock,
    schedule: createScheduler(options.concurrency),
    inventory: createInventory(aws, { owners: ownersOf(project), places: placesOf(project, options.regions), types }),
    calls: () => aws.calls(),
  };
}

/**
 * Every account that can be entered, in the default region, in that of before, and in further ones: what nobody declares
 * may be in any of them.
 */
function placesOf(project: Project, further: readonly string[] = []): readonly Place[] {
  const regions = [...defaultRegions(project), ...further];
  return [...project.accounts.values()]
    .filter((account) => account.planRole !== undefined || account === project.defaultAccount)
    .flatMap(({ id }) => regions.map((region) => ({ account: id, region })));
}

/** Of Settings today, and before this change. */
export function defaultRegions({ settings, base }: Pick<Project, 'settings' | 'base'>): readonly string[] {
  return [...new Set([settings.defaultRegion, ...(base ? [base.settings.defaultRegion] : [])])];
}
