import type { Aws } from '../../aws/clients.ts';
import type { Finding, Target, Unknown } from '../../engine/types.ts';
import type { ZoneComparison } from './comparison.ts';
import type { PlanAnswer } from './function-contract.ts';
import { readApexSoa } from './listing.ts';
import type { RemoteMirror } from './remote.ts';
import { route53Of } from '../route53-client.ts';
import type { WritingSession } from './session.ts';
import { SourceFailure } from './source.ts';
import type { SourceReader, SourceSoa, SourceZone } from './source.ts';
import type { RecordSetsProperties } from './types.ts';
import { readState } from './zone-state.ts';
import type { SerialMemory, ZoneState } from './zone-state.ts';

export interface LookOptions {
  /** `when-moved`: a live mirror whose serial has not moved is neither transferred nor listed. */
  readonly listing: 'always' | 'when-moved';
  /** Who looks where the primary cannot be reached from here; undefined inside the function itself. */
  readonly remote?: RemoteMirror;
  readonly memory?: SerialMemory;
}

/** What the mirror's own function found. */
export type RemoteComparison = Extract<PlanAnswer, { outcome: 'compared' }>;

/** What is known of one zone in the course of one command. */
export interface Look {
  readonly state: ZoneState;
  readonly source:
    | { readonly soa: SourceSoa }
    | { readonly zone: SourceZone }
    | { readonly remote: RemoteComparison }
    /** The source failed, or nobody can reach it yet. */
    | { readonly failure: SourceFailure }
    | { readonly unknown: Unknown };
  comparison?: ZoneComparison;
  /** What the zone's quota says to that. */
  quota?: readonly Finding[];
  writing?: WritingSession;
  /** The function has mirrored: what it found is no longer so. */
  isMirrored?: true;
}

/** Looks at source and mirror: from here where the primary can be reached, else through the function. */
export async function lookAtZone(
  aws: Aws,
  sources: SourceReader,
  target: Target<RecordSetsProperties>,
  options: LookOptions,
): Promise<Look> {
  const { Source, Rules } = target.properties;
  if (Source.Via === 'lambda' && options.remote) return lookThrough(options.remote, notMadeYet(target));
  const first = await attempt(() => sources.soa(Source, target.place));
  if (!(first instanceof SourceFailure)) return lookFromHere(first);
  if (!first.reachable && Source.Via !== 'local' && options.remote) return lookThrough(options.remote, first);
  return { state: await apexAlone(), source: { failure: first } };

  async function lookFromHere(soa: SourceSoa): Promise<Look> {
    const isShallow = options.listing === 'when-moved' && Rules.Mode === 'live';
    const state = await readState(aws, {
      place: target.place,
      zoneId: target.properties.HostedZoneId,
      domain: Source.Domain,
      memory: options.memory,
      ...(isShallow && soa.soa.serial !== Rules.AcceptSerial && { source: soa.soa }),
    });
    if (!state.listing) return { state, source: { soa } };
    const transferred = await attempt(() => sources.zone(Source, target.place));
    return { state, source: transferred instanceof SourceFailure ? { failure: transferred } : { zone: transferred } };
  }

  async function lookThrough(remote: RemoteMirror, failure: SourceFailure): Promise<Look> {
    const answer = await remote.compare(target, options.listing);
    if (answer === undefined) return { state: await apexAlone(), source: { failure } };
    if (answer.outcome === 'unknown') return { state: { apex: undefined }, source: { unknown: answer.unknown } };
    return { state: { apex: undefined, answered: answer.serial }, source: { remote: answer } };
  }

  async function apexAlone(): Promise<ZoneState> {
    const client = await route53Of(aws, target.place);
    return { apex: await readApexSoa(client, target.properties.HostedZoneId, Source.Domain) };
  }
}

function notMadeYet({ properties }: Target<RecordSetsProperties>): SourceFailure {
  return new SourceFailure(`the function ${properties.Functions.Plan} does not exist yet`, { reachable: false });
}

export async function attempt<Result>(read: () => Promise<Result>): Promise<Result | SourceFailure> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SourceFailure) return error;
    throw error;
  }
}
