import { readFileSync } from 'node:fs';
import { invoke } from '../operations/invoke.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { openReportFile } from './output.ts';
import { commandOptions, withSession } from './session.ts';
import type { SharedFlags } from './session.ts';

export interface InvokeFlags extends SharedFlags {
  readonly function?: string;
  readonly event: string;
}

export async function runInvoke(document: string, flags: InvokeFlags): Promise<number> {
  const event = readEvent(flags.event);
  return withSession(flags, async (session) => {
    const report = flags.out === undefined ? undefined : openReportFile(flags.out);
    const result = await invoke(session.project, {
      ...commandOptions(flags, session),
      document,
      event,
      ...(flags.function !== undefined && { function: flags.function }),
    });
    report?.write(result);
    // What a function answers is JSON, and is shown as JSON.
    session.output.result(result, () => `${JSON.stringify(result.answer, undefined, 2)}\n`, EXIT.ok);
    return EXIT.ok;
  });
}

/** @throws CliError TU0005 for a file that cannot be read or is not JSON. */
function readEvent(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('TU0005', `${file === '-' ? 'standard input' : file} holds no event: ${why}`, {
      exitCode: EXIT.usage,
      hint: 'an event is a JSON document, in a file or, with --event -, on standard input',
      cause,
    });
  }
}
