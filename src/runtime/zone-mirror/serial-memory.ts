import { getServers } from 'node:dns';
import { readSoa } from '../../dns/rdata.ts';
import { RR } from '../../dns/rr-types.ts';
import type { Budgets } from '../../dns/transfer/budgets.ts';
import { TransferError } from '../../dns/transfer/errors.ts';
import { parsePrimary } from '../../dns/transfer/primary-address.ts';
import { queryRRset } from '../../dns/transfer/rrset-query.ts';
import type { RRset } from '../../dns/types.ts';
import type { SerialMemory } from '../../resources/record-sets/zone-state.ts';
import { embeddedHook } from '../embedded-hook.ts';
import type { Configuration } from './configuration.ts';

/** A resolver is next door; where it is silent, Route 53's API answers the same question for one call. */
const BUDGETS: Partial<Budgets> = { connect: 2_000, firstByte: 2_000, idle: 2_000, total: 4_000 };

/** Asks whom the mirror's clients ask. */
export type Resolver = (name: string, type: number) => Promise<RRset | undefined>;

/**
 * Who answers for the mirror: the VPC's resolver for a private zone, one of its name servers for a public one.
 * Undefined: nobody that this function can ask.
 */
export function resolverOf({ document, nameServer }: Configuration): Resolver | undefined {
  const isInVpc = document.spec.network !== undefined;
  // What answers outside of every VPC knows public zones only.
  if (!isInVpc && nameServer === undefined) return undefined;
  const server = embeddedHook()?.resolver ?? serverOf(isInVpc, nameServer);
  if (!server) return undefined;
  const who = nameServer === undefined ? 'the resolver of the VPC' : "the hosted zone's name server";
  return async function ask(name, type) {
    try {
      return await queryRRset({ ...server, budgets: BUDGETS }, name, type);
    } catch (cause) {
      if (!(cause instanceof TransferError)) throw cause;
      throw new Error(`asked ${who}: ${cause.message}`, { cause });
    }
  };
}

function serverOf(isInVpc: boolean, nameServer: string | undefined): { host: string; port: number } | undefined {
  if (nameServer !== undefined) return parsePrimary(nameServer);
  const [first] = isInVpc ? getServers() : [];
  return first === undefined ? undefined : parsePrimary(first);
}

/** The mirror's SOA is its memory: the serial that it serves was written last. */
export function serialMemory(resolver: Resolver | undefined): SerialMemory | undefined {
  if (!resolver) return undefined;
  return async function soaOf(domain) {
    try {
      const [rdata] = (await resolver(domain, RR.SOA))?.rdata ?? [];
      return rdata === undefined ? undefined : readSoa(rdata);
    } catch {
      // No answer, whatever the reason: the API is asked instead.
      return undefined;
    }
  };
}
