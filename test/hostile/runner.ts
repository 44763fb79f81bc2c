/**
 * What the runner of GitHub Actions reads as commands in a step's output, written from its documentation ("Workflow
 * commands for GitHub Actions") and the format that it describes: commands begin with `::` behind blanks, an older form
 * with `##[` anywhere in a line; names are of any case; `::stop-commands::TOKEN` ends all of it until `::TOKEN::`.
 */

export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** The runner reads lines, whichever of the usual ends they have. */
const LINE_END = /\r\n|\r|\n/u;

/** Commands of a log, in their order, with those that stop and resume commands. */
export function commandsOf(log: string): readonly Command[] {
  const commands: Command[] = [];
  let token: string | undefined;
  for (const line of log.split(LINE_END)) {
    const command = colonCommand(line) ?? bracketCommand(line);
    if (command === undefined) continue;
    if (token !== undefined) {
      if (command.name === token) token = undefined;
      continue;
    }
    if (command.name === 'stop-commands') token = command.data;
    commands.push(command);
  }
  return commands;
}

/** `::name key=value,key=value::data` */
function colonCommand(line: string): Command | undefined {
  const text = line.trimStart();
  if (!text.startsWith('::')) return undefined;
  const end = text.indexOf('::', 2);
  if (end < 0) return undefined;
  return commandOf(text.slice(2, end), text.slice(end + 2), ',', {
    '%3A': ':',
    '%2C': ',',
  });
}

/** `##[name key=value;key=value]data` */
function bracketCommand(line: string): Command | undefined {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return undefined;
  return commandOf(line.slice(start + 3, end), line.slice(end + 1), ';', { '%3B': ';', '%5D': ']' });
}

function commandOf(
  head: string,
  data: string,
  separator: string,
  escapes: Readonly<Record<string, string>>,
): Command | undefined {
  const space = head.indexOf(' ');
  const name = (space < 0 ? head : head.slice(0, space)).trim().toLowerCase();
  if (name === '') return undefined;
  const pairs = (space < 0 ? '' : head.slice(space + 1)).split(separator).flatMap((pair) => {
    const equals = pair.indexOf('=');
    return equals < 0 ? [] : [[pair.slice(0, equals).trim(), decode(pair.slice(equals + 1), escapes)] as const];
  });
  return { name, properties: Object.fromEntries(pairs), data: decode(data, {}) };
}

/** The percent sign is decoded last. */
function decode(text: string, escapes: Readonly<Record<string, string>>): string {
  const all = { '%0D': '\r', '%0A': '\n', ...escapes, '%25': '%' };
  return Object.entries(all).reduce((decoded, [escape, character]) => decoded.replaceAll(escape, character), text);
}

/** What a file of GITHUB_OUTPUT sets: `name=value`, or `name<<DELIMITER`, lines, `DELIMITER`. */
export function outputsOf(file: string): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  const lines = file.split(/\r\n|\n/u);
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, name, delimiter] = /^([^=<]+)<<(.+)$/u.exec(line) ?? [];
    if (name === undefined || delimiter === undefined) {
      const equals = line.indexOf('=');
      if (equals > 0) outputs[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    const end = lines.indexOf(delimiter, at + 1);
    if (end < 0) throw new Error(`no end of ${name}`);
    outputs[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return outputs;
}
