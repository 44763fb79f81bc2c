import type { Command } from 'commander';
import { collect, withOutput } from './verb-options.ts';
import type { Finish } from './verb-options.ts';

/** `init` and its flags, which are all answers. */
export function addInit(program: Command, finish: Finish): void {
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
