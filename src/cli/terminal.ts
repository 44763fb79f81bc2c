import { createInterface } from 'node:readline/promises';
import { usageError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

/** A person at the keyboard. Questions go to stderr: stdout is the result. */
export interface Terminal {
  /** The answer without blanks around it. */
  readonly ask: (question: string) => Promise<string>;
  /** Only "yes" is taken as yes. */
  isAgreed(question: string): Promise<boolean>;
  close(): void;
}

/** Undefined where nobody can be asked. Ctrl-C at a question ends the process: nothing is done yet. */
export function openTerminal(): Terminal | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const gone = new AbortController();
  // At the end of the input a question would wait for ever.
  lines.on('close', () => gone.abort());
  lines.on('SIGINT', () => {
    lines.close();
    process.exit(EXIT.interrupted);
  });

  async function ask(question: string): Promise<string> {
    try {
      return (await lines.question(question, { signal: gone.signal })).trim();
    } catch (cause) {
      if (gone.signal.aborted) throw usageError('there was no answer, and nothing was written', 'flags answer, too');
      throw cause;
    }
  }

  return {
    ask,
    isAgreed: async (question) => (await ask(`${question} Only "yes" is taken as yes: `)) === 'yes',
    close: () => lines.close(),
  };
}
