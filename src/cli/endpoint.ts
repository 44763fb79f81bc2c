import { basename, dirname } from 'node:path';
import { openEmbedded, parseDeliveryPlan, parseFaults } from '../embedded/index.ts';
import { DEFAULT_FILE, OWN_DIRECTORY } from '../embedded/store/account-file.ts';
import { isTracked } from '../git/repository.ts';
import type { Endpoint } from '../operations/endpoint.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

const EMBEDDED = /^embedded(?::(.+))?$/;
/** For workflows that are tried out as they stand: it can name an embedded account, and never a real place. */
const ENDPOINT_VARIABLE = 'TRUEUP_ENDPOINT';
const TEST_VARIABLES = ['TRUEUP_NOW', 'TRUEUP_FAULTS', 'TRUEUP_DELIVERY'];

/** `--endpoint`, read but not opened: the embedded account's caller lives in an account that Settings name. */
export type EndpointFlag =
  | { readonly kind: 'aws' }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'embedded'; readonly file: string | undefined };

/** @throws CliError TU4001 for an endpoint that is none, or would send credentials where nobody said (threats T75). */
export function parseEndpoint(flag: string | undefined, environment: NodeJS.ProcessEnv = process.env): EndpointFlag {
  const embedded = EMBEDDED.exec(flag ?? environment[ENDPOINT_VARIABLE] ?? '');
  if (embedded) return { kind: 'embedded', file: embedded[1] };
  if (flag === undefined && environment[ENDPOINT_VARIABLE]) {
    throw endpointError(`${ENDPOINT_VARIABLE} names no embedded account`, 'name other endpoints with --endpoint');
  }
  const misplaced = TEST_VARIABLES.find((name) => environment[name] !== undefined);
  if (misplaced)
    throw endpointError(
      `${misplaced} is only for the embedded account`,
      `unset ${misplaced}, or add --endpoint embedded`,
    );
  if (flag !== undefined) return { kind: 'url', url: checkUrl(flag) };
  const ambient = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[0].startsWith('AWS_ENDPOINT_URL') && Boolean(entry[1]),
  );
  const elsewhere = ambient.find(([, url]) => !isLoopback(url));
  if (elsewhere) {
    const [name, url] = elsewhere;
    throw endpointError(`${name} would send requests to ${url}`, `say so with --endpoint ${url}, or unset ${name}`);
  }
  const [first] = ambient;
  return first ? { kind: 'url', url: first[1] } : { kind: 'aws' };
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

/**
 * An account file is somebody's own. One that came with a clone is not used: it says what is deployed, and holds what
 * others put there (threats T120).
 * @throws CliError TU4016 for a file, or a folder `.trueup`, that git tracks.
 */
export async function refuseTrackedAccount(flag: EndpointFlag): Promise<void> {
  if (flag.kind !== 'embedded' || flag.file === 'memory') return;
  const file = flag.file ?? DEFAULT_FILE;
  const directory = dirname(file);
  const isOwn = basename(directory) === OWN_DIRECTORY;
  if (!(await isTracked(directory, isOwn ? '.' : basename(file)))) return;
  const what = isOwn ? directory : file;
  throw new CliError('TU4016', `git tracks ${what}: an embedded account that came with a clone is not used`, {
    hint: `if it is yours: git rm -r --cached ${what}; or use another file: --endpoint embedded:FILE`,
  });
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
  const delivery = environment['TRUEUP_DELIVERY'];
  const embedded = openEmbedded(flag.file, {
    account,
    ...(now !== undefined && { now: () => now }),
    ...(faults !== undefined && { faults: parseFaults(faults) }),
    ...(delivery !== undefined && { delivery: parseDeliveryPlan(delivery) }),
  });
  return { kind: 'embedded', account: embedded };
}
