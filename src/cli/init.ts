import { statSync } from 'node:fs';
import { builtCommit, init } from '../operations/init.ts';
import { renderInit, renderValidate } from '../report/render.ts';
import { usageError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { gatherAnswers } from './init-answers.ts';
import type { AnswerFlags } from './init-answers.ts';
import { createOutput, openReportFile } from './output.ts';
import type { OutputFlags } from './output.ts';
import { openTerminal } from './terminal.ts';

export interface InitFlags extends AnswerFlags, OutputFlags {
  readonly dir: string;
  readonly yes?: boolean;
  readonly out?: string;
}

/** Where this program lies on GitHub, of which a workflow takes exactly one commit. */
const HOME = 'trueup-dev/trueup';

/** 0 where all files are there as they should be, 4 where one of another content was left, 65 for an invalid tree. */
export async function runInit(flags: InitFlags): Promise<number> {
  const output = createOutput(flags);
  if (!statSync(flags.dir, { throwIfNoEntry: false })?.isDirectory()) {
    throw usageError(`--dir ${flags.dir} is no directory`, 'make it first, best as a clone of the repository');
  }
  const report = flags.out === undefined ? undefined : openReportFile(flags.out);
  const commit = builtCommit();
  const terminal = flags.yes ? undefined : openTerminal();
  try {
    const answers = await gatherAnswers(flags, commit && `${HOME}@${commit}`, terminal?.ask);
    if (terminal && !(await terminal.isAgreed('Write the files of this estate?'))) {
      output.note('Nothing was written.');
      return EXIT.ok;
    }
    const result = await init(flags.dir, answers, Date.now());
    if ('ok' in result) {
      output.result(result, (options) => renderValidate(result, options), EXIT.invalid);
      return EXIT.invalid;
    }
    const exitCode = result.files.some(({ state }) => state === 'left') ? EXIT.guard : EXIT.ok;
    report?.write(result);
    output.result(result, (options) => renderInit(result, { ...options, directory: flags.dir }), exitCode);
    return exitCode;
  } finally {
    terminal?.close();
  }
}
