import { documentAddress } from '../../engine/address.ts';
import type { Document, Estate, Place, VerifyCheck } from '../../engine/types.ts';
import { VERIFY_ACTION } from '../../resources/record-sets/function-contract.ts';
import type { VerifyAnswer, VerifyRequest } from '../../resources/record-sets/function-contract.ts';
import { nameOf } from '../function/names.ts';
import type { Readers } from '../readers.ts';
import { PLAN } from './functions.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

/** Asks the function that only looks, where it stands: primary, transfer, Route 53, and what resolvers hear. */
export async function verify(
  document: Document<ZoneMirrorSpec>,
  estate: Estate,
  { invoke, network }: Readers,
): Promise<readonly VerifyCheck[]> {
  const { spec } = document;
  const place = estate.place(spec.account, spec.region);
  const name = nameOf(document, estate, PLAN);
  const request: VerifyRequest = { action: VERIFY_ACTION, document: documentAddress(document) };
  const answer = (await invoke(place, name, request)) as VerifyAnswer | undefined;
  if (answer === undefined) {
    return [{ name: 'function', ok: false, detail: `the function ${name} does not exist yet: trueup apply makes it` }];
  }
  const runs: VerifyCheck = { name: 'function', ok: true, detail: `the function ${name} runs` };
  return [runs, ...(await admission(document, place, network)), ...answer.checks];
}

/** From where the primary is asked, and what it must be told: in the words of BIND, which most of them are. */
async function admission(
  { spec }: Document<ZoneMirrorSpec>,
  place: Place,
  network: Readers['network'],
): Promise<readonly VerifyCheck[]> {
  const key = spec.tsig === 'none' ? undefined : `key "${spec.tsig.name}"`;
  if (!spec.network) return [];
  const { subnets, securityGroups } = spec.network;
  const seen = await network(place, { subnets, securityGroups, vpcs: [] });
  if (seen.state === 'unknown') return [{ name: 'network', ok: false, detail: seen.detail }];
  const ranges = seen.subnets.map(({ cidr }) => cidr).sort();
  const clients = [...(key === undefined ? ranges : [key])].map((client) => `${client};`).join(' ');
  const detail = `the primary is asked from ${ranges.join(', ')}; for BIND: allow-transfer { ${clients} };`;
  return [{ name: 'network', ok: true, detail }];
}
