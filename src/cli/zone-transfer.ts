import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { formatName } from '../dns/name.ts';
import { formatMasterFile } from '../dns/master-file.ts';
import type { Budgets } from '../dns/transfer/budgets.ts';
import { TransferError } from '../dns/transfer/errors.ts';
import { transferZone } from '../dns/transfer/transfer.ts';
import type { TransferResult } from '../dns/transfer/transfer.ts';
import { parseSecret } from '../dns/tsig/secret-text.ts';
import type { TsigKey } from '../dns/tsig/tsig-key.ts';
import type { Zone, ZoneFinding } from '../dns/types.ts';
import { typeName } from '../dns/rr-types.ts';
import { parsePrimary } from '../dns/transfer/primary-address.ts';
import { parseBudgets } from './budgets.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { FORMATS, createOutput, openReportFile } from './output.ts';
import type { Output } from './output.ts';
import { createReporter } from './reporter.ts';
import { readZoneFile } from './zone-file.ts';

export interface ZoneTransferFlags {
  readonly from: string;
  readonly tsigName?: string;
  readonly tsigAlgorithm: string;
  readonly tsigSecretFile?: string;
  readonly tsigAllowMd5?: boolean;
  /** Master file of an earlier version. */
  readonly base?: string;
  readonly budget?: readonly string[];
  readonly format: string;
  readonly out?: string;
  readonly color?: string;
  readonly quiet?: boolean;
}

export async function runZoneTransfer(domain: string, flags: ZoneTransferFlags): Promise<number> {
  const isZone = flags.format === 'zone';
  const output = createOutput({ ...flags, format: isZone ? 'text' : flags.format, formats: ['zone', ...FORMATS] });
  const budgets: Partial<Budgets> = parseBudgets(flags.budget ?? []);
  const tsig = await readKey(flags);
  const base = flags.base === undefined ? undefined : await readZoneFile(flags.base, 'name a master file', domain);
  const report = flags.out === undefined ? undefined : openReportFile(flags.out);
  const reporter = createReporter(output.progress);
  try {
    const result = await transferZone({
      zone: domain,
      ...parsePrimary(flags.from),
      ...(tsig && { tsig }),
      budgets,
      base,
      onProgress: (counts) => reporter.onTransfer(domain, counts),
    });
    output.progress.end();
    if (result.ixfrFailed !== undefined) output.note(`The base was of no use: ${result.ixfrFailed}`);
    if (isZone && result.mode !== 'axfr') output.note(`The zone is not confirmed whole: ${UNCONFIRMED}`);
    const document = { format: 'trueup/zone-transfer@1', ...factsOf(result) };
    if (isZone) report?.writeText(formatMasterFile(result.zone));
    else report?.write(document);
    if (isZone) process.stdout.write(formatMasterFile(result.zone));
    else output.result(document, () => describe(result, flags.from), EXIT.ok);
    return EXIT.ok;
  } catch (error) {
    report?.discard();
    if (error instanceof TransferError) return fail(error, output);
    throw error;
  }
}

async function readKey(flags: ZoneTransferFlags): Promise<TsigKey | undefined> {
  const { tsigName: name, tsigSecretFile: file, tsigAlgorithm: algorithm } = flags;
  if (name === undefined && file === undefined) return undefined;
  if (name === undefined || file === undefined) {
    throw new CliError('TU0001', '--tsig-name and --tsig-secret-file belong together', { exitCode: EXIT.usage });
  }
  const secret = file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8').catch(unreadable);
  return { name, algorithm, secret: parseSecret(secret), allowMd5: flags.tsigAllowMd5 === true };

  function unreadable(cause: Error): never {
    throw new CliError('TU0004', `the TSIG secret cannot be read: ${cause.message}`, {
      cause,
      hint: 'name a file that holds the secret in base64, or - for standard input',
    });
  }
}

function factsOf({ zone, serial, records, messages, bytes, seconds, mode, ixfrFailed }: TransferResult) {
  return {
    zone: formatName(zone.origin, 'decimal'),
    serial,
    records,
    rrsets: zone.rrsets.length,
    messages,
    bytes,
    seconds,
    mode,
    ...(ixfrFailed !== undefined && { ixfrFailed }),
    findings: [...zone.findings.map(findingOf), ...(mode === 'axfr' ? [] : [unconfirmed(zone)])],
  };
}

const UNCONFIRMED =
  'what the primary did not send is taken from the base as it stands there; a transfer without --base confirms it';

/** An altered base does not show where nothing touches the alteration (threats T89). */
function unconfirmed({ origin }: Zone) {
  return { code: 'not-confirmed', name: formatName(origin, 'decimal'), type: 'SOA', detail: UNCONFIRMED } as const;
}

function findingOf({ code, name, type, detail }: ZoneFinding) {
  return { code, name: formatName(name, 'decimal'), type: typeName(type), detail };
}

/** Findings that the text names. */
const SHOWN_FINDINGS = 10;

const HOW: Readonly<Record<TransferResult['mode'], string>> = {
  axfr: '',
  ixfr: ', by what changed since the base',
  unchanged: ', the same as the base',
};

function describe(result: TransferResult, from: string): string {
  const { zone, serial, records, rrsets, messages, bytes, seconds, mode, findings } = factsOf(result);
  const count = (value: number): string => value.toLocaleString('en-US');
  const some = (value: number, one: string): string => `${count(value)} ${one}${value === 1 ? '' : 's'}`;
  return (
    `${zone} serial ${serial} from ${from}${HOW[mode]}\n` +
    `  ${some(records, 'record')} in ${some(rrsets, 'record set')}, ${some(messages, 'message')}, ${some(bytes, 'byte')}, ${seconds.toFixed(2)} s\n` +
    findings
      .slice(0, SHOWN_FINDINGS)
      .map(({ code, name, type, detail }) => `  ! ${code} ${name} ${type}: ${detail}\n`)
      .join('') +
    (findings.length > SHOWN_FINDINGS
      ? `  ! ${count(findings.length - SHOWN_FINDINGS)} more findings: --format json\n`
      : '') +
    '  the zone itself: --format zone\n'
  );
}

function fail(error: TransferError, output: Output): number {
  output.progress.end();
  const { code, stage, primary, zone, rcode, tsigError, budget, hints, messages, records, bytes, seconds } = error;
  const body = {
    code,
    message: error.message,
    stage,
    primary,
    zone,
    rcode,
    tsigError,
    budget,
    hints,
    messages,
    records,
    bytes,
    seconds,
  };
  if (output.format === 'text' || output.format === 'markdown') {
    output.error(
      { code, message: error.message, ...(hints[0] !== undefined && { hint: hints.join('\n') }) },
      EXIT.error,
    );
  } else {
    const document = {
      format: 'trueup/zone-transfer@1',
      zone,
      serial: null,
      messages,
      records,
      bytes,
      seconds,
      findings: [],
      error: body,
    };
    output.result(document, () => '', EXIT.error);
  }
  return EXIT.error;
}
