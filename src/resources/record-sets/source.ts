import type { Aws } from '../../aws/clients.ts';
import { AwsError, describeError, reasonOf } from '../../aws/errors.ts';
import { readSecret } from '../../aws/secrets.ts';
import { DnsError } from '../../dns/errors.ts';
import { TransferError } from '../../dns/transfer/errors.ts';
import type { TransferCounts } from '../../dns/transfer/errors.ts';
import { querySoa } from '../../dns/transfer/soa-query.ts';
import { transferZone } from '../../dns/transfer/transfer.ts';
import type { TransferResult } from '../../dns/transfer/transfer.ts';
import { parseSecret } from '../../dns/tsig/secret-text.ts';
import type { TsigKey } from '../../dns/tsig/tsig-key.ts';
import type { Soa, Zone } from '../../dns/types.ts';
import type { Place } from '../../engine/types.ts';
import { parsePrimary } from '../../dns/transfer/primary-address.ts';
import { type Heard, isNewer, newestFirst } from './newest-first.ts';
import type { SourceProperties } from './types.ts';

/** The primary that is used: the one with the highest serial, the first of equals. */
export interface SourceSoa {
  readonly primary: string;
  readonly soa: Soa;
  /** Primaries that serve another version, or none. */
  readonly lagging: readonly string[];
  /** Those that answered, newest version first: where one cannot transfer, the next is asked. */
  readonly candidates: readonly Heard[];
}

export interface SourceZone extends SourceSoa {
  readonly zone: Zone;
}

/** The source did not answer; `reachable` false: nothing listens, or the key may not be read from here. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure';
  readonly reachable: boolean;
  readonly hint: string | undefined;

  constructor(
    message: string,
    options: { readonly reachable: boolean; readonly hint?: string | undefined; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.reachable = options.reachable;
    this.hint = options.hint;
  }
}

/** Asks primaries; remembers each answer for the length of a command, so that plan and apply see one version. */
export interface SourceReader {
  /** @throws SourceFailure */
  soa(source: SourceProperties, place: Place): Promise<SourceSoa>;
  /** @throws SourceFailure */
  zone(source: SourceProperties, place: Place): Promise<SourceZone>;
}

/** Versions of zones that were transferred before, as bases of incremental transfers. */
export interface ZoneBases {
  get(domain: string): Zone | undefined;
  put(domain: string, zone: Zone): void;
}

/** What a transfer cost. */
export interface Transferred extends Omit<TransferResult, 'zone'> {
  readonly primary: string;
}

export interface SourceReaderOptions {
  readonly onProgress?: (domain: string, progress: Readonly<TransferCounts>) => void;
  /** Told of each transfer that came to its end. */
  readonly onTransferred?: (transfer: Transferred) => void;
  /** Default: none, every transfer is whole. */
  readonly bases?: ZoneBases;
  /** Reading of `performance.now()` at which there is no time left. */
  readonly deadline?: number;
  /** How secrets are read; default: from their service each time. */
  readonly secret?: (reference: string, place: Place) => Promise<string>;
}

export function createSourceReader(aws: Aws, options: SourceReaderOptions): SourceReader {
  const { bases, deadline, secret = (reference, place) => readSecret(aws, reference, place) } = options;
  const keys = new Map<string, Promise<TsigKey | undefined>>();
  const soas = new Map<string, Promise<SourceSoa>>();
  const zones = new Map<string, Promise<SourceZone>>();

  function once<Result>(
    memory: Map<string, Promise<Result>>,
    source: SourceProperties,
    place: Place,
    read: () => Promise<Result>,
  ): Promise<Result> {
    const key = JSON.stringify([source, place]);
    const known = memory.get(key) ?? read();
    memory.set(key, known);
    return known;
  }

  function keyOf(source: SourceProperties, place: Place): Promise<TsigKey | undefined> {
    return once(keys, source, place, () => readKey(source, place));
  }

  async function readKey(source: SourceProperties, place: Place): Promise<TsigKey | undefined> {
    if (!source.Tsig) return undefined;
    const { Name: name, Algorithm: algorithm, Secret } = source.Tsig;
    try {
      return {
        name,
        algorithm,
        secret: parseSecret(await secret(Secret, place)),
      };
    } catch (error) {
      if (error instanceof AwsError && error.code !== 'TU2010') throw error;
      throw new SourceFailure(`the TSIG key ${name} could not be read: ${describeError(error)}`, {
        reachable: reasonOf(error) !== 'denied',
        hint: error instanceof AwsError || error instanceof DnsError ? error.hint : undefined,
        cause: error,
      });
    }
  }

  async function readSoa(source: SourceProperties, place: Place): Promise<SourceSoa> {
    const tsig = await keyOf(source, place);
    const answers = await Promise.all(source.Primaries.map((primary) => ask(primary)));
    const candidates = newestFirst(answers.filter((answer) => 'soa' in answer));
    const [best] = candidates;
    if (!best) throw failureOf(answers.flatMap((answer) => ('error' in answer ? [answer.error] : [])));
    const lagging = answers.filter((answer) => !('soa' in answer) || answer.soa.serial !== best.soa.serial);
    return {
      primary: best.primary,
      soa: best.soa,
      lagging: lagging.map(({ primary }) => primary),
      candidates,
    };

    async function ask(primary: string): Promise<Heard | { primary: string; error: unknown }> {
      try {
        const soa = await querySoa({
          zone: source.Domain,
          ...parsePrimary(primary),
          ...(tsig && { tsig }),
          deadline,
        });
        return { primary, soa };
      } catch (error) {
        if (!(error instanceof TransferError || error instanceof DnsError)) throw error;
        return { primary, error };
      }
    }
  }

  /** From one primary, whole: what several send is never put together. */
  async function readZone(source: SourceProperties, place: Place): Promise<SourceZone> {
    const seen = await once(soas, source, place, () => readSoa(source, place));
    const tsig = await keyOf(source, place);
    const errors: unknown[] = [];
    const failed = new Set<string>();
    let best: { readonly primary: string; readonly zone: Zone } | undefined;
    for (const { primary, soa } of seen.candidates) {
      // Several servers behind one address send an older version than they said a moment ago: another may have better.
      if (best && !isNewer(soa, best.zone.soa)) break;
      try {
        const { zone, ...costs } = await transferZone({
          zone: source.Domain,
          ...parsePrimary(primary),
          ...(tsig && { tsig }),
          deadline,
          base: bases?.get(source.Domain),
          onProgress: (progress) => options.onProgress?.(source.Domain, progress),
        });
        options.onTransferred?.({ ...costs, primary });
        if (isNewer(soa, zone.soa)) failed.add(primary);
        if (!best || isNewer(zone.soa, best.zone.soa)) best = { primary, zone };
      } catch (error) {
        if (!(error instanceof TransferError)) throw error;
        errors.push(error);
        failed.add(primary);
      }
    }
    if (!best) throw failureOf(errors);
    const { primary, zone } = best;
    bases?.put(source.Domain, zone);
    const level = seen.candidates.filter(({ soa }) => [zone.soa.serial, seen.soa.serial].includes(soa.serial));
    const isLevel = (other: string): boolean => !failed.has(other) && level.some((heard) => heard.primary === other);
    const lagging = source.Primaries.filter((other) => other !== primary && !isLevel(other));
    return { ...seen, primary, soa: zone.soa, zone, lagging };
  }

  return {
    soa: (source, place) => once(soas, source, place, () => readSoa(source, place)),
    zone: (source, place) => once(zones, source, place, () => readZone(source, place)),
  };
}

/** The failure that tells most: an answer that went wrong before silence. */
function failureOf(errors: readonly unknown[]): SourceFailure {
  const answered = errors.find((error) => error instanceof TransferError && error.stage !== 'connect');
  const cause = answered ?? errors[0];
  return new SourceFailure(describeTransfer(cause), {
    reachable: answered !== undefined,
    // The hint for a budget is a flag of `zone transfer`.
    hint: cause instanceof TransferError && cause.code !== 'budget' ? cause.hints.join(' ') || undefined : undefined,
    cause,
  });
}

function describeTransfer(error: unknown): string {
  return error instanceof TransferError ? error.message : describeError(error);
}
