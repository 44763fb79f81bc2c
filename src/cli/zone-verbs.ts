import type { Command } from 'commander';
import { collect, withAccount } from './verb-options.ts';
import type { Finish } from './verb-options.ts';

/** `zone transfer`, `zone export`, `zone diff`. */
export function addZoneVerbs(program: Command, finish: Finish): void {
  const zone = program.command('zone').description('DNS zones: transfer, export, diff');
  zone
    .command('transfer <domain>')
    .description('get a zone from a primary by AXFR, or by IXFR from a base')
    .requiredOption('--from <host[:port]>', 'the primary')
    .option('--tsig-name <name>', 'name of the TSIG key')
    .option('--tsig-algorithm <algorithm>', 'such as hmac-sha256', 'hmac-sha256')
    .option('--tsig-secret-file <file>', 'file with the base64 secret; - is standard input')
    .option('--tsig-allow-md5', 'let the algorithm be hmac-md5, for a primary that knows no other')
    .option('--base <file>', 'master file of an earlier version: ask only for what changed since (IXFR)')
    .option(
      '--budget <name=value>',
      'connect, first-byte, idle, total (10s, 5m), min-rate (bytes/s), bytes, records',
      collect,
    )
    .option('--format <format>', 'zone, json or text', 'text')
    .option('--out <file>', 'write the result to this file')
    .option('--color <when>', 'auto, always or never', 'auto')
    .option('--quiet', 'no progress on stderr')
    .action(async (domain: string, flags) => {
      finish(await (await import('./zone-transfer.ts')).runZoneTransfer(domain, flags));
    });
  withAccount(zone.command('export <name>').description('what Route 53 holds for a mirror')).action(
    async (name: string, flags) => {
      finish(await (await import('./zone-export.ts')).runZoneExport(name, flags));
    },
  );
  withAccount(zone.command('diff <a> <b>').description('two master files, or a master file and a mirror (its name)'))
    .option('--detailed-exitcode', 'end with 2 where they differ')
    .action(async (a: string, b: string, flags) => {
      finish(await (await import('./zone-diff.ts')).runZoneDiff(a, b, flags));
    });
}
