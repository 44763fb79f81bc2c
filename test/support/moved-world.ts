import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { ListHostedZonesByNameCommand } from '@aws-sdk/client-route-53';
import { beforeAll, expect } from 'vitest';
import type { Fault, TrailEvent } from '../../src/embedded/index.ts';
import type { Plan } from '../../src/engine/types.ts';
import { objectName } from '../../src/resources/names.ts';
import { createEstate, mirror } from './estate.ts';
import type { TestEstate } from './estate.ts';

const REGION = { region: 'eu-west-1' };
/** What the primary serves of both domains when they are deployed and reviewed. */
export const BODY = 'ns1 A 10.0.0.1\nwww A 10.0.0.2\nvpn A 10.0.0.3';

/** The mirrors `corp` and `other`, deployed or not, a change of both that was reviewed, and an account of its own. */
export interface ReviewedWorld {
  readonly estate: TestEstate;
  readonly reviewed: Plan;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly iam: IAMClient;
  readonly rules: EventBridgeClient;
  /** Physical name of a resource of `corp`, by its logical id. */
  name(id: string): string;
  /** Id of the hosted zone of `corp`. */
  zoneId(): Promise<string>;
  /** Another process at the same account and the same configuration, with faults of its own. */
  beside(faults?: readonly Fault[]): Promise<TestEstate>;
}

export interface Review {
  /** Further lines of the spec of `corp`. */
  readonly spec?: readonly string[];
  /** Not applied before. */
  readonly undeployed?: true;
  /** There is no other mirror. */
  readonly alone?: true;
  /** What the pull request changes of `corp`; `other` gets another comment. */
  edit?(estate: TestEstate): void;
  /** What the primary serves of `corp.test` when the review is made: serial 6 with this body. */
  readonly moves?: string;
}

/** Removals are judged by the seal alone here. */
const GUARDS = '  guards: { deletes: { percent: 100, count: 500, from: 500 } }\n';

/** @param sleep what happens when a fault lets a call wait. */
export type OpenWorld = (faults?: readonly Fault[], sleep?: () => Promise<void>) => Promise<ReviewedWorld>;

/** Deploys, edits and reviews once; hands out a copy of that world for each test, and the primary as it was. */
export function reviewedWorlds(review: Review): OpenWorld {
  const { spec = [], undeployed, alone, moves } = review;
  let made: { readonly estate: TestEstate; readonly reviewed: Plan; readonly file: string } | undefined;

  function serve(estate: TestEstate, isReviewed: boolean): void {
    if (isReviewed && moves !== undefined) estate.serve('corp.test', 6, moves);
    else estate.serve('corp.test', 5, BODY);
    estate.serve('other.test', 5, BODY);
  }

  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'trueup-reviewed-'));
    const file = join(directory, 'account');
    const ends: (() => Promise<void>)[] = [];
    const estate = await createEstate({ file, onFinished: (end) => ends.push(end) });
    serve(estate, false);
    estate.rewrite('settings.yaml', (yaml) => yaml + GUARDS);
    estate.write('corp.yaml', mirror(estate, spec).replace('name: corp', 'name: corp, onRemove: delete'));
    if (!alone) estate.write('other.yaml', mirror(estate, [], 'other', 'other.test'));
    if (!undeployed) expect((await estate.apply()).outcome).toBe('applied');
    serve(estate, true);
    review.edit?.(estate);
    if (!alone) estate.rewrite('other.yaml', (yaml) => yaml.replace('comment: mirror', 'comment: other'));
    const reviewed = await estate.plan({ full: true });
    estate.account.close();
    made = { estate, reviewed, file };
    return async () => {
      for (const end of ends) await end();
      rmSync(directory, { recursive: true, force: true });
    };
  });

  return async function open(faults = [], sleep) {
    if (!made) throw new Error('there is a world once the suite begins');
    const { estate: like, reviewed } = made;
    serve(like, true);
    const copy = `${made.file}-${randomUUID()}`;
    copyFileSync(made.file, copy);
    return worldOf(await createEstate({ like, file: copy, faults, ...(sleep && { sleep }) }), reviewed, copy);
  };
}

function worldOf(estate: TestEstate, reviewed: Plan, file: string): ReviewedWorld {
  const { account } = estate;
  return {
    estate,
    reviewed,
    lambda: account.client(LambdaClient, REGION),
    logs: account.client(CloudWatchLogsClient, REGION),
    iam: account.client(IAMClient, REGION),
    rules: account.client(EventBridgeClient, REGION),
    name: (logicalId) => objectName({ owner: 'acme-network', kind: 'ZoneMirror', name: 'corp', logicalId }),
    beside: (faults = []) => createEstate({ like: estate, file, faults }),
    async zoneId() {
      const { HostedZones = [] } = await estate.client.send(new ListHostedZonesByNameCommand({ DNSName: 'corp.test' }));
      return (HostedZones[0]?.Id ?? '').replace('/hostedzone/', '');
    },
  };
}

/** Writes of an apply but for its lease and its sessions: those to `corp`, and those to anything else. */
export function writesSince(
  { estate }: ReviewedWorld,
  seen: number,
  zoneId: string,
): { readonly corp: number; readonly other: number } {
  const isCorp = ({ requestParameters }: TrailEvent): boolean => {
    const text = JSON.stringify(requestParameters ?? {});
    return /\bcorp[-./]/.test(text) || (zoneId !== '' && text.includes(zoneId));
  };
  const writes = estate.account
    .events()
    .slice(seen)
    .filter(({ readOnly, eventSource }) => !readOnly && !BESIDE.includes(eventSource));
  const corp = writes.filter(isCorp).length;
  return { corp, other: writes.length - corp };
}

const BESIDE = ['s3.amazonaws.com', 'sts.amazonaws.com'];
