import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { heapLimitError, toReport, usageError } from './errors.ts';
import type { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { startHeapGuard } from './heap-guard.ts';
import { createOutput } from './output.ts';
import { packageRoot } from '../package-root.ts';

// The SDK says on every start that Node 20 will be dropped; which Node runs is this package's business (engines).
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

function version(): string {
  const { version: text } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return text;
}

function collect(value: string, list: readonly string[] = []): readonly string[] {
  return [...list, value];
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.');
}

function withOutput(command: Command): Command {
  return command
    .option('--format <format>', 'text, markdown, json or ndjson', 'text')
    .option('--out <file>', 'also write the result as JSON to this file')
    .option('--color <when>', 'auto, always or never', 'auto')
    .option('--quiet', 'no progress on stderr');
}

function withConfig(command: Command): Command {
  return withOutput(command.option('--config <dir>', 'directory of the configuration', 'config'));
}

function withAccount(command: Command): Command {
  return withConfig(command).option(
    '--endpoint <endpoint>',
    'embedded[:FILE], or the URL of an emulator; default: AWS',
  );
}

function withEstate(command: Command): Command {
  return withAccount(command)
    .option('--only <glob>', 'only documents whose kind/name matches; may be given again', collect)
    .option('--exclude <glob>', 'all but these; may be given again', collect)
    .option('--concurrency <n>', 'parallel tasks in one account and region', parseCount);
}

function withBase(command: Command): Command {
  return command.option(
    '--base <rev>',
    'the commit whose Settings guard too; default: HEAD, or its first parent where nothing is uncommitted',
  );
}

/** Verbs are imported when they are called: `--help` must not wait for the SDK. */
function createProgram(finish: (exitCode: number) => void): Command {
  const program = new Command('trueup')
    .description('Keeps small AWS systems true to YAML in git.')
    .version(version())
    .exitOverride()
    .hook('preAction', () => startHeapGuard(endAtHeapLimit))
    // Errors are reported below, in the format asked for.
    .configureOutput({ outputError: () => undefined });

  addInit(program, finish);
  withConfig(program.command('validate').description('check the configuration; nothing is sent')).action(
    async (flags) => {
      finish(await (await import('./validate.ts')).runValidate(flags));
    },
  );
  withBase(withEstate(program.command('plan').description('show what would change')))
    .option('--records', 'list every changed record')
    .option('--full', 'transfer and list even where a serial has not moved')
    .option('--comment', 'write the plan to the pull request of the event, as one comment that is kept')
    .option('--head', 'fetch the configuration of the pull request’s head by the REST API; --config is its folder')
    .option('--offline', 'show what the pull request changes in git, and ask no account')
    .option('--detailed-exitcode', 'end with 2 where there are changes')
    .action(async (flags) => {
      finish(await (await import('./plan.ts')).runPlan(flags));
    });
  withBase(withEstate(program.command('apply').description('apply a reviewed plan')))
    .option('--plan <file>', 'the plan that was reviewed, as `plan --out` wrote it')
    .option('--yes', 'plan and apply in one go, without a question')
    .option('--reviewed', 'apply what merged pull requests showed, as their plan workflow kept it')
    .option('--unreviewed', 'with --yes at a real endpoint: nobody has seen the plan')
    .action(async (flags) => {
      finish(await (await import('./apply.ts')).runApply(flags));
    });
  withEstate(program.command('drift').description('show what changed behind git'))
    .option('--records', 'list every changed record')
    .option('--issue', 'keep one issue of the repository true: opened, edited, closed, reopened')
    .option('--detailed-exitcode', 'end with 2 where there is drift')
    .option('--accept <document>', 'write what was found back into this document’s YAML, ready for a pull request')
    .action(async ({ accept, ...flags }) => {
      if (accept === undefined) finish(await (await import('./drift.ts')).runDrift(flags));
      else finish(await (await import('./accept.ts')).runAccept(accept, flags));
    });
  withBase(withAccount(program.command('orphans').description('list what is ours and no document declares')))
    .option('--region <region>', 'look into this region too; may be given again', collect)
    .option('--detailed-exitcode', 'end with 2 where there are any')
    .action(async (flags) => {
      finish(await (await import('./orphans.ts')).runOrphans(flags));
    });
  withEstate(program.command('verify').description('ask what was deployed whether it works'))
    .option('--github', 'also check the settings of the repository on GitHub; default: where GITHUB_TOKEN is set')
    .action(async (flags) => {
      finish(await (await import('./verify.ts')).runVerify(flags));
    });
  withConfig(program.command('iam').description('print the policies of the roles that plan and apply; nothing is sent'))
    .option('--files <dir>', 'also write each policy to a file of its own in this directory')
    .option('--repository <owner/name>', 'the repository on GitHub whose workflows take these roles')
    .option('--repository-id <n>', 'its number, which no other repository ever has')
    .option('--owner-id <n>', 'number of its owner: its tokens name owner and repository with their numbers')
    .option('--default-branch <branch>', 'its default branch; default: main')
    .option('--environment-plan <name>', 'its environment for plan and drift; default: trueup-plan')
    .option('--environment-apply <name>', 'its environment for apply; default: trueup-apply')
    .action(async (flags) => {
      finish(await (await import('./iam.ts')).runIam(flags));
    });
  withAccount(
    program.command('explain <address>').description('all facts of one document, or of one object: kind/name[/id]'),
  ).action(async (address: string, flags) => {
    finish(await (await import('./explain.ts')).runExplain(address, flags));
  });
  withAccount(program.command('invoke <document>').description('run a deployed function with an event'))
    .requiredOption('--event <file>', 'the event as JSON; - is standard input')
    .option('--function <name>', 'which of the document’s functions')
    .action(async (document: string, flags) => {
      finish(await (await import('./invoke.ts')).runInvoke(document, flags));
    });
  withAccount(program.command('adopt <document>').description('show what a document would take over'))
    .option('--write', 'put adopt: true into the document')
    .action(async (document: string, flags) => {
      finish(await (await import('./adopt.ts')).runAdopt(document, flags));
    });
  program
    .command('schema [kind]')
    .description('print the JSON Schema of a kind, or list the kinds')
    .action(async (kind: string | undefined) => {
      finish(await (await import('./schema.ts')).runSchema(kind));
    });
  addZoneVerbs(program, finish);
  addScheduleVerbs(program, finish);
  program
    .command('demo')
    .description('a guided tour on the embedded account: plan, apply, drift, heal, remove')
    .option('--keep', 'leave the working directory in place')
    .action(async (flags) => {
      finish(await (await import('./demo.ts')).runDemo(flags));
    });
  return program;
}

function addInit(program: Command, finish: (exitCode: number) => void): void {
  withOutput(program.command('init').description('write the files of a new estate; asks on a terminal'))
    .option('--dir <dir>', 'where: the root of the repository', '.')
    .option('--owner <owner>', 'what marks all that is made from this repository')
    .option('--account <alias=id>', 'an AWS account; may be given again, the first is the default one', collect)
    .option('--region <region>', 'the default region')
    .option('--plan-role <name>', 'the role that plans, in each account', 'trueup-plan')
    .option('--apply-role <name>', 'the role that applies, in each account', 'trueup-apply')
    .option('--boundary <name>', 'the policy that bounds roles of functions', 'trueup-boundary')
    .option('--repository <owner/name>', 'the repository on GitHub')
    .option('--repository-id <n>', 'its number, which no other repository ever has')
    .option('--default-branch <branch>', 'its default branch; default: main')
    .option('--kind <kind>', 'the kind of the first document; default: no document')
    .option('--name <name>', 'its name')
    .option('--action <owner/repo@commit>', 'trueup itself, as workflows use it; default: what this one was built from')
    .option('--yes', 'ask nothing')
    .action(async (flags) => {
      finish(await (await import('./init.ts')).runInit(flags));
    });
}

function addZoneVerbs(program: Command, finish: (exitCode: number) => void): void {
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

function addScheduleVerbs(program: Command, finish: (exitCode: number) => void): void {
  const preview = program.command('preview').description('what would happen, without AWS: schedule');
  withConfig(
    preview
      .command('schedule <schedule>')
      .description('when a tag, or a declared schedule by name, starts and stops machines'),
  )
    .option('--from <time>', 'first day or moment: 2026-03-29, or 2026-03-29T00:00Z; default: today')
    .option('--days <n>', 'how many days', parseCount, 7)
    .option('--timezone <zone>', 'whose days and clocks are shown; default: the schedule’s own, UTC for a tag')
    .action(async (schedule: string, flags) => {
      finish(await (await import('./preview-schedule.ts')).runPreviewSchedule(schedule, flags));
    });
  const schedule = program.command('schedule').description('schedules of machines: decide, owner-policy');
  withConfig(
    schedule
      .command('owner-policy <document>')
      .description('the IAM policy that lets owners of instances set the schedule tag, and no other'),
  ).action(async (document: string, flags) => {
    finish(await (await import('./owner-policy.ts')).runOwnerPolicy(document, flags));
  });
  schedule
    .command('decide')
    .description('answer each line of standard input, { tag or schedule, now, state, … }, with a decision')
    .option('--ndjson', 'one JSON object a line, which is the only form')
    .action(async () => {
      finish(await (await import('./schedule-decide.ts')).runScheduleDecide());
    });
}

async function main(): Promise<void> {
  // A reader that went away (`| head`, a closed terminal) ends nothing but the printing; progress never ends the work.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
  process.stderr.on('error', () => undefined);
  try {
    await createProgram((exitCode) => {
      process.exitCode = exitCode;
    }).parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) report(error);
    else if (error.code === 'commander.help') process.exitCode = EXIT.usage;
    else if (error.exitCode !== 0) report(fromCommander(error));
  }
}

/** Commander's text: what is wrong, and in a second line what may have been meant. */
function fromCommander(error: CommanderError): CliError {
  const [what = '', meant] = error.message.replace(/^error: /, '').split('\n');
  return usageError(what, meant ?? 'trueup --help lists the verbs');
}

function report(error: unknown): void {
  const { report: body, exitCode } = toReport(error);
  process.exitCode = exitCode;
  const format = formatFlag();
  const isJson = format === 'json' || format === 'ndjson';
  createOutput({ ...(isJson && { format }) }).error(body, exitCode);
  if (process.env['TRUEUP_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
}

/** On stderr whatever the format: the result may stand on stdout already, and then it is the whole of it. */
function endAtHeapLimit(limit: number): never {
  const { report: body, exitCode } = toReport(heapLimitError(limit));
  createOutput({}).error(body, exitCode);
  // What an apply was about is as if the process had been killed.
  process.exit(exitCode);
}

/** Even where the arguments are wrong, a script that asked for JSON gets JSON. */
function formatFlag(): string | undefined {
  const { argv } = process;
  const joined = argv.find((argument) => argument.startsWith('--format='));
  return joined?.slice('--format='.length) ?? argv[argv.indexOf('--format') + 1];
}

await main();
