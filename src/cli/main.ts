import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { heapLimitError, toReport, usageError } from './errors.ts';
import type { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { startHeapGuard } from './heap-guard.ts';
import { addFanOutVerbs } from './fan-out-verbs.ts';
import { addInit } from './init-verb.ts';
import { createOutput } from './output.ts';
import { packageRoot } from '../package-root.ts';
import { addScheduleVerbs } from './schedule-verbs.ts';
import { addSurvivalVerbs } from './survival-verbs.ts';
import {
  collect,
  withAccount,
  withBase,
  withConfig,
  withEstate,
  withSelection,
  withStyle,
  withTree,
} from './verb-options.ts';
import type { Finish } from './verb-options.ts';
import { addZoneVerbs } from './zone-verbs.ts';

// The SDK says on every start that Node 20 will be dropped; which Node runs is this package's business (engines).
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

function version(): string {
  const { version: text } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return text;
}

/** Verbs are imported when they are called: `--help` must not wait for the SDK. */
function createProgram(finish: Finish): Command {
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
  withAccount(program.command('watch').description('hold the estate against a remote branch, again and again'))
    .option('--document <document>', 'the ReconcileLoop that says what may be done; default: reports, all kinds')
    .option('--every <duration>', 'from the beginning of a run to that of the next', '1m')
    .option('--mode <mode>', 'report, or heal: drift is undone; default: as the document says, or report')
    .option('--remote <name>', 'the remote of this clone', 'origin')
    .option('--branch <name>', 'its branch', 'main')
    .option('--rewritten', 'take the branch as it is, though it does not follow what was taken before')
    .option('--once', 'one run')
    .option('--detailed-exitcode', 'with --once: end with 2 where there is drift')
    .action(async (flags) => {
      finish(await (await import('./watch.ts')).runWatch(flags));
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
  withSelection(
    withAccount(
      program
        .command('publish')
        .description('sign the committed configuration, and put it where the loop in AWS reads it'),
    ),
  ).action(async (flags) => {
    finish(await (await import('./publish.ts')).runPublish(flags));
  });
  withSelection(
    withAccount(program.command('approve').description('sign reviewed plans, so that the loop in AWS applies them')),
  )
    .option('--plan <file>', 'a plan as `plan --out` wrote it; may be given again', collect)
    .option('--reviewed', 'the plan that the pull request showed which changed the configuration last')
    .action(async (flags) => {
      finish(await (await import('./approve.ts')).runApprove(flags));
    });
  withStyle(withTree(program.command('render')))
    .description('the way out: print the estate as CloudFormation; nothing is sent')
    .requiredOption('--format <format>', 'cloudformation')
    .option('--out <dir>', 'write the templates, what to import and the functions’ code as files into this directory')
    .action(async (flags) => {
      finish(await (await import('./render.ts')).runRender(flags));
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
  addFanOutVerbs(program, finish);
  addScheduleVerbs(program, finish);
  addSurvivalVerbs(program, finish);
  program
    .command('demo')
    .description('a guided tour on the embedded account: plan, apply, drift, heal, remove')
    .option('--keep', 'leave the working directory in place')
    .action(async (flags) => {
      finish(await (await import('./demo.ts')).runDemo(flags));
    });
  return program;
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
