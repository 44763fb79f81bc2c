import { openResolver } from '../resolver.ts';
import type { DnsServer } from '../dns-server.ts';
import { SUBNET } from '../ec2/model.ts';
import type { Host } from '../host.ts';
import type { ResolverAddress } from '../hook.ts';
import type { StoredFunction } from './model.ts';
import { rowKeyIn } from '../row-key.ts';

const HOST = '127.0.0.1';

/** The resolvers that functions ask: one for each VPC that has functions, and one for those outside. */
export interface VpcResolvers {
  of(found: StoredFunction): Promise<ResolverAddress>;
  close(): void;
}

export function createVpcResolvers(host: Pick<Host, 'read'>): VpcResolvers {
  const servers = new Map<string | undefined, Promise<DnsServer>>();

  function serverFor(vpcId: string | undefined): Promise<DnsServer> {
    const known = servers.get(vpcId) ?? start(vpcId);
    servers.set(vpcId, known);
    return known;
  }

  async function start(vpcId: string | undefined): Promise<DnsServer> {
    const server = await openResolver(host, { vpcId });
    server.unref();
    return server;
  }

  return {
    async of(found) {
      const { port } = await serverFor(vpcOf(host, found));
      return { host: HOST, port };
    },
    close() {
      for (const server of servers.values()) void server.then((started) => started.close());
      servers.clear();
    },
  };
}

function vpcOf(host: Pick<Host, 'read'>, { account, region, settings }: StoredFunction): string | undefined {
  const [subnet] = settings.subnets;
  if (subnet === undefined) return undefined;
  return host.read((data) => data.get(SUBNET.rows, rowKeyIn(subnet, { account, region })))?.vpc;
}
