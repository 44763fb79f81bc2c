import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { DescribeInstancesRequest, Instance as ShownInstance } from '@aws-sdk/client-ec2';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount, Instance } from '../../src/embedded/index.ts';

export const REGION = 'eu-west-1';
/** A Monday. */
export const NOW = Date.parse('2026-11-23T10:41:00Z');
export const DAY = 86_400_000;

/** Instances in an embedded account in memory, whose clock stands unless it is turned. */
export interface EmbeddedInstances {
  readonly account: EmbeddedAccount;
  readonly client: EC2Client;
  /** One instance of type `m5.large`, launched a day ago; gives its id. */
  put(about?: Partial<Instance>): string;
  list(input?: DescribeInstancesRequest): Promise<ShownInstance[]>;
  /** Undefined: no such instance. */
  one(id: string): Promise<ShownInstance | undefined>;
  state(id: string): Promise<string | undefined>;
}

export function createEmbeddedInstances(
  account: EmbeddedAccount = openEmbedded('memory', { now: () => NOW }),
): EmbeddedInstances {
  const client = account.client(EC2Client, { region: REGION });
  const list = async (input: DescribeInstancesRequest = {}): Promise<ShownInstance[]> => {
    const { Reservations = [] } = await client.send(new DescribeInstancesCommand(input));
    return Reservations.flatMap(({ Instances = [] }) => Instances);
  };
  const one = async (id: string): Promise<ShownInstance | undefined> => {
    const [instance] = await list({ Filters: [{ Name: 'instance-id', Values: [id] }] });
    return instance;
  };
  return {
    account,
    client,
    put(about = {}) {
      const [id] = account.putInstances([{ type: 'm5.large', launched: NOW - DAY, ...about }], { region: REGION });
      return id!;
    },
    list,
    one,
    state: async (id) => (await one(id))?.State?.Name,
  };
}
