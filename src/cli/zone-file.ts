import { readFile } from 'node:fs/promises';
import { DnsError } from '../dns/errors.ts';
import { parseMasterFile } from '../dns/master-file.ts';
import type { Zone } from '../dns/types.ts';
import { CliError, dnsReport } from './errors.ts';
import { EXIT } from './exit-codes.ts';

/** A zone from a master file. @param origin of relative names, where the file does not say; default: its first owner. */
export async function readZoneFile(file: string, hint: string, origin?: string): Promise<Zone> {
  const text = await readFile(file, 'latin1').catch((cause: Error) => {
    throw new CliError('TU0004', `${file} cannot be read: ${cause.message}`, { cause, hint });
  });
  try {
    return parseMasterFile(text, origin === undefined ? {} : { origin });
  } catch (cause) {
    if (!(cause instanceof DnsError)) throw cause;
    const fields = dnsReport(cause, file);
    throw new CliError(fields.code, fields.message, { exitCode: EXIT.usage, fields, cause });
  }
}
