/** A command that the runner would carry out. */
export interface LogCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** What the runner knows (actions/runner, *ActionCommandManager*), those that it only warns about today included. */
const KNOWN: readonly string[] = [
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'internal-set-repo-path',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
];

interface Form {
  /** Where the command begins; undefined: the line is none of this form. */
  begin(line: string): number | undefined;
  readonly opening: string;
  readonly closing: string;
  readonly separator: string;
  /** Escapes of properties, decoded after those of data but for `%25`, which is last. */
  readonly escapes: readonly (readonly [code: string, text: string])[];
}

const DATA = [
  ['%0D', '\r'],
  ['%0A', '\n'],
] as const;

/** `::name key=value,key=value::data` after blanks at the beginning of a line. */
const TODAY: Form = {
  begin(line) {
    const start = line.length - line.trimStart().length;
    return line.startsWith('::', start) ? start : undefined;
  },
  opening: '::',
  closing: '::',
  separator: ',',
  escapes: [
    ['%3A', ':'],
    ['%2C', ','],
  ],
};

/** `##[name key=value;key=value]data` anywhere in a line. */
const EARLIER: Form = {
  begin(line) {
    const start = line.indexOf('##[');
    return start < 0 ? undefined : start;
  },
  opening: '##[',
  closing: ']',
  separator: ';',
  escapes: [
    ['%3B', ';'],
    ['%5D', ']'],
  ],
};

/** All commands of a log that would be carried out, fences obeyed. Lines end as a .NET reader ends them: CR, LF or both. */
export function logCommands(log: string): readonly LogCommand[] {
  const found: LogCommand[] = [];
  let token: string | undefined;
  for (const line of log.split(/\r\n|\r|\n/)) {
    const known = token === undefined ? KNOWN : [...KNOWN, token.toLowerCase()];
    const command = parsed(line, TODAY, known) ?? parsed(line, EARLIER, known);
    if (!command) continue;
    if (token !== undefined) {
      if (command.name !== token) continue;
      token = undefined;
    } else if (command.name === 'stop-commands') token = command.data;
    found.push(command);
  }
  return found;
}

function parsed(line: string, form: Form, known: readonly string[]): LogCommand | undefined {
  const start = form.begin(line);
  if (start === undefined) return undefined;
  const from = start + form.opening.length;
  const end = line.indexOf(form.closing, from);
  if (end < 0) return undefined;
  const head = line.slice(from, end);
  const blank = head.indexOf(' ');
  const name = blank < 0 ? head : head.slice(0, blank);
  if (!known.includes(name.toLowerCase())) return undefined;
  const pairs = blank < 0 ? [] : head.slice(blank + 1).split(form.separator);
  return {
    name,
    properties: Object.fromEntries(pairs.flatMap((pair) => pairOf(pair, form))),
    data: decoded(line.slice(end + form.closing.length), DATA),
  };
}

function pairOf(text: string, { escapes }: Form): readonly (readonly [string, string])[] {
  const at = text.indexOf('=');
  if (at < 0) return [];
  return [[text.slice(0, at).trim(), decoded(text.slice(at + 1), [...DATA, ...escapes])]];
}

function decoded(text: string, escapes: Form['escapes']): string {
  return [...escapes, ['%25', '%'] as const].reduce((so, [code, plain]) => so.replaceAll(code, plain), text);
}
