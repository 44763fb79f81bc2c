import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { ChangeAction, ResourceRecordSet, RRType, VPC } from '@aws-sdk/client-route-53';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount, EmbeddedOptions } from '../../src/embedded/index.ts';

export const ZONE_NAME = 'corp.example.com.';

/** `UPSERT`, `www`, `A`, and values or a whole set; the name is completed with the zone's. */
export type TestChange = readonly [
  action: ChangeAction,
  name: string,
  type: RRType,
  content: readonly string[] | Partial<ResourceRecordSet>,
];

/** A hosted zone in an embedded account in memory, for one test. */
export interface EmbeddedZone {
  readonly account: EmbeddedAccount;
  readonly client: Route53Client;
  readonly id: string;
  change(...changes: readonly TestChange[]): Promise<void>;
  /** The messages of the InvalidChangeBatch that these changes give; none when they are taken. */
  refusals(...changes: readonly TestChange[]): Promise<readonly string[]>;
  /** Every set but the apex NS and SOA. */
  list(): Promise<readonly ResourceRecordSet[]>;
}

export async function createEmbeddedZone(
  options: EmbeddedOptions & { readonly vpc?: VPC } = {},
): Promise<EmbeddedZone> {
  const { vpc, ...rest } = options;
  const account = openEmbedded('memory', rest);
  const client = account.client(Route53Client, { region: 'us-east-1' });
  const { HostedZone: zone } = await client.send(
    new CreateHostedZoneCommand({ Name: ZONE_NAME, CallerReference: 'test', ...(vpc && { VPC: vpc }) }),
  );
  const id = zone!.Id!;

  async function change(...changes: readonly TestChange[]): Promise<void> {
    const Changes = changes.map(([Action, name, Type, content]) => ({
      Action,
      ResourceRecordSet: { Name: absolute(name), Type, ...fields(content) },
    }));
    await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes } }));
  }

  return {
    account,
    client,
    id,
    change,
    async refusals(...changes) {
      const error = await change(...changes).then(
        () => undefined,
        (thrown: unknown) => thrown as Error & { messages?: string[] },
      );
      if (error === undefined) return [];
      if (error.name !== 'InvalidChangeBatch') throw error;
      return error.messages ?? [];
    },
    async list() {
      const sets: ResourceRecordSet[] = [];
      let next: Partial<ResourceRecordSet> = {};
      for (;;) {
        const page = await client.send(
          new ListResourceRecordSetsCommand({
            HostedZoneId: id,
            StartRecordName: next.Name,
            StartRecordType: next.Type,
            StartRecordIdentifier: next.SetIdentifier,
          }),
        );
        sets.push(...page.ResourceRecordSets!);
        if (page.IsTruncated !== true) break;
        next = { Name: page.NextRecordName, Type: page.NextRecordType, SetIdentifier: page.NextRecordIdentifier };
      }
      return sets.filter((set) => set.Name !== ZONE_NAME || (set.Type !== 'NS' && set.Type !== 'SOA'));
    },
  };
}

/** A name relative to the zone; `@` is the zone itself, a name with a closing dot stays. */
function absolute(name: string): string {
  if (name === '@') return ZONE_NAME;
  return name.endsWith('.') ? name : `${name}.${ZONE_NAME}`;
}

function fields(content: readonly string[] | Partial<ResourceRecordSet>): Partial<ResourceRecordSet> {
  if (!isValues(content)) return content;
  return { TTL: 300, ResourceRecords: content.map((Value) => ({ Value })) };
}

function isValues(content: readonly string[] | Partial<ResourceRecordSet>): content is readonly string[] {
  return Array.isArray(content);
}

/** The error that a call gives; fails when it gives none. */
export async function errorOf(call: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error as Error & Record<string, unknown>,
  );
  if (outcome === undefined) throw new Error('The call was expected to fail.');
  return outcome;
}
