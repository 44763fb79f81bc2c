import { openEmbedded, parseFaults } from '../embedded/index.ts';
import type { Endpoint } from '../operations/endpoint.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

const EMBEDDED = /^embedded(?::(.+))?$/;
const TEST_VARIABLES = ['TRUEUP_NOW', 'TRUEUP_FAULTS'];

/** `--endpoint`, read but not opened: the embedded account's caller lives in an account that Settings name. */
export type EndpointFlag =
  | { readonly kind: 'aws' }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'embedded'; readonly file: string | undefined };

/** @throws CliError TU4001 for an endpoint that is none, or would send credentials where nobody said (threats T75). */
export function parseEndpoint(flag: string | undefined, environment: NodeJS.ProcessEnv = process.env): EndpointFlag {
  const embedded = EMBEDDED.exec(flag ?? '');
  if (embedded) return { kind: 'embedded', file: embedded[1] };
  const misplaced = TEST_VARIABLES.find((name) => environment[name] !== undefined);
  if (misplaced)
    throw endpointError(
      `${misplaced} is only for the embedded account`,
      `unset ${misplaced}, or add --endpoint embedded`,
    );
  if (flag !== undefined) return { kind: 'url', url: checkUrl(flag) };
  const ambient = Object.keys(environment).find((name) => name.startsWith('AWS_ENDPOINT_URL') && environment[name]);
  if (!ambient) return { kind: 'aws' };
  const url = environment[ambient] ?? '';
  if (!isLoopback(url)) {
    throw endpointError(
      `${ambient} would send requests to ${url}`,
      `say so with --endpoint ${url}, or unset ${ambient}`,
    );
  }
  return { kind: 'url', url };
}

function checkUrl(text: string): string {
  if (!URL.canParse(text)) throw endpointError(`--endpoint ${text} is neither embedded[:FILE] nor a URL`);
  const url = new URL(text);
  if (url.protocol !== 'https:' && !isLoopback(text))
    throw endpointError(`--endpoint ${text} must be https`, 'http is for loopback addresses only');
  return text;
}

function isLoopback(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { hostname } = new URL(text);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function endpointError(message: string, hint?: string): CliError {
  return new CliError('TU4001', message, { exitCode: EXIT.usage, ...(hint && { hint }) });
}

/** `TRUEUP_NOW`: the reading of the clock for this run, in milliseconds since the epoch. */
export function readClock(environment: NodeJS.ProcessEnv = process.env): number | undefined {
  const text = environment['TRUEUP_NOW'];
  if (text === undefined) return undefined;
  const now = Date.parse(text);
  if (Number.isNaN(now)) throw endpointError(`TRUEUP_NOW is not a time: ${text}`, 'write it as 2026-11-24T10:00:00Z');
  return now;
}

/** @param account twelve digits: where the caller of the embedded account lives. */
export function openEndpoint(
  flag: EndpointFlag,
  account: string,
  environment: NodeJS.ProcessEnv = process.env,
): Endpoint {
  if (flag.kind !== 'embedded') return flag;
  const now = readClock(environment);
  const faults = environment['TRUEUP_FAULTS'];
  const embedded = openEmbedded(flag.file, {
    account,
    ...(now !== undefined && { now: () => now }),
    ...(faults !== undefined && { faults: parseFaults(faults) }),
  });
  return { kind: 'embedded', account: embedded };
}
