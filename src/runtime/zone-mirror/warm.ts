import type { Aws } from '../../aws/clients.ts';
import { readSecret } from '../../aws/secrets.ts';
import type { Zone } from '../../dns/types.ts';
import type { Clock } from '../../engine/types.ts';
import type { SourceReaderOptions, ZoneBases } from '../../resources/record-sets/source.ts';
import { createFunctionAws, functionClock } from '../function-aws.ts';
import { readConfiguration } from './configuration.ts';
import type { Configuration } from './configuration.ts';

/** A secret that was rotated is taken up after this long, or at once where the old one is refused (threats F35). */
const SECRET_AGE_MS = 5 * 60_000;

/** What lives as long as the execution environment. */
export interface Warm {
  readonly configuration: Configuration;
  readonly aws: Aws;
  readonly clock: Clock;
  /** The last zone that was transferred: the base of the next incremental transfer. */
  readonly bases: ZoneBases;
  /** The next run transfers the whole zone. */
  forgetBases(): void;
  readonly secret: NonNullable<SourceReaderOptions['secret']>;
  /** The next run reads secrets anew. */
  forgetSecrets(): void;
  /** When the last scheduled run that did not fail was, by the clock. */
  lastScheduled: number | undefined;
}

let environment: Warm | undefined;

/** Made by the first invocation. */
export function warm(): Warm {
  environment ??= open();
  return environment;
}

function open(): Warm {
  const configuration = readConfiguration(process.env);
  const { network } = configuration.document.spec;
  const aws = createFunctionAws(configuration.place, { ...(network?.proxy && { proxy: network.proxy }) });
  const clock = functionClock();
  const zones = new Map<string, Zone>();
  const secrets = new Map<string, { readonly value: Promise<string>; readonly at: number }>();
  return {
    configuration,
    aws,
    clock,
    bases: {
      get: (domain) => zones.get(domain),
      put: (domain, zone) => void zones.set(domain, zone),
    },
    forgetBases: () => zones.clear(),
    secret(reference, place) {
      const known = secrets.get(reference);
      if (known && clock.now() - known.at < SECRET_AGE_MS) return known.value;
      const value = readSecret(aws, reference, place);
      secrets.set(reference, { value, at: clock.now() });
      value.catch(() => secrets.delete(reference));
      return value;
    },
    forgetSecrets: () => secrets.clear(),
    lastScheduled: undefined,
  };
}
