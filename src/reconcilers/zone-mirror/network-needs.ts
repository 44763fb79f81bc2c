import { parsePrimary } from '../../dns/transfer/primary-address.ts';
import type { Estate } from '../../engine/types.ts';
import type { NetworkNeeds } from '../network-findings.ts';
import type { ZoneMirrorNetwork, ZoneMirrorSpec } from './spec.gen.ts';

/** What the mirror's functions need of their network. */
export function networkNeeds(spec: ZoneMirrorSpec, estate: Estate, network: ZoneMirrorNetwork): NetworkNeeds {
  const home = estate.place(spec.account, spec.region);
  const isHere = ({ region, account }: { readonly region?: string; readonly account?: string }): boolean =>
    (region ?? home.region) === home.region && estate.place(account ?? home.account).account === home.account;
  return {
    subnets: network.subnets,
    securityGroups: network.securityGroups,
    privateZoneVpcs: (spec.hostedZone.vpcs ?? []).filter(isHere).map(({ id }) => id),
    peers: [
      ...spec.primaries.map((primary) => ({
        ...parsePrimary(primary),
        protocols: ['tcp'] as const,
        what: 'the primary',
      })),
      ...proxyOf(network),
    ],
    services: ['route53', ...secretServices(spec)],
    proxied: network.proxy !== undefined,
  };
}

function proxyOf({ proxy }: ZoneMirrorNetwork): NetworkNeeds['peers'] {
  if (!proxy) return [];
  const { hostname, port, protocol } = new URL(proxy.url);
  const usual = protocol === 'https:' ? 443 : 80;
  return [{ host: hostname, port: port === '' ? usual : Number(port), protocols: ['tcp'], what: 'the proxy' }];
}

function secretServices({ tsig }: ZoneMirrorSpec): readonly string[] {
  if (tsig === 'none') return [];
  return [tsig.secret.startsWith('ssm:') ? 'ssm' : 'secretsmanager'];
}
