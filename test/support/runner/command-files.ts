/**
 * Reads what a step wrote to GITHUB_OUTPUT or GITHUB_ENV: `name=value` lines, or `name<<DELIMITER` and lines up to it.
 * @throws Error for a line of neither form, as the runner does
 */
export function readCommandFile(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!.replace(/\r$/, '');
    if (line === '') continue;
    const [, block, delimiter] = /^([^=<]+)<<(.+)$/.exec(line) ?? [];
    if (block !== undefined && delimiter !== undefined) {
      const end = lines.indexOf(delimiter, index + 1);
      if (end === -1) throw new Error(`no ${delimiter} ends the value of ${block}`);
      values[block] = lines.slice(index + 1, end).join('\n');
      index = end;
      continue;
    }
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`Invalid format '${line}'`);
    values[name] = value;
  }
  return values;
}
