import type { Summary } from '../engine/types.ts';
import { renderLine } from '../report/json.ts';

export interface StepOutputs {
  /** Of the plan; empty where there is none. */
  readonly digest: string;
  /** Counts by verb; empty where there is no plan. */
  readonly changes: Partial<Summary>;
  readonly exitCode: number;
}

/** 128 bits as lower-case hexadecimal digits: nobody guesses it. */
const DELIMITER = /^[0-9a-f]{32}$/u;

/**
 * What is written to the file of GITHUB_OUTPUT: the outputs `digest`, `changes` (counts as JSON) and `exit-code`, each in
 * the form for several lines, so that no value ends early (threats T27).
 *
 * @param delimiter 128 random bits in hexadecimal, new for every call.
 * @throws RangeError for a delimiter of another shape, or one that stands in a value.
 */
export function outputsText({ digest, changes, exitCode }: StepOutputs, delimiter: string): string {
  if (!DELIMITER.test(delimiter)) throw new RangeError('the delimiter is 32 lower-case hexadecimal digits');
  const outputs = [
    ['digest', digest],
    ['changes', renderLine(changes).trimEnd()],
    ['exit-code', String(exitCode)],
  ] as const;
  if (outputs.some(([, value]) => value.includes(delimiter))) throw new RangeError('the delimiter stands in a value');
  return outputs.map(([name, value]) => `${name}<<${delimiter}\n${value}\n${delimiter}\n`).join('');
}
