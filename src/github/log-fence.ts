/** 128 bits as lower-case hexadecimal digits: nobody guesses it. */
const TOKEN = /^[0-9a-f]{32}$/u;

/**
 * Text for the log of a runner, in which none of its lines is a command: commands are stopped until the token stands
 * between colons (GitHub's "Workflow commands", *Stopping and starting workflow commands*; threats T26).
 *
 * @param token 128 random bits in hexadecimal, new for every text.
 * @throws RangeError for a token of another shape, or one that stands in the text.
 */
export function fenceLog(text: string, token: string): string {
  if (!TOKEN.test(token)) throw new RangeError('the token of a log fence is 32 lower-case hexadecimal digits');
  if (text.includes(token)) throw new RangeError('the token of a log fence stands in the text that it fences');
  const body = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `::stop-commands::${token}\n${body}::${token}::\n`;
}
