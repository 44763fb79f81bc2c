/** What a step says of a file by a workflow command on its output. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  /** `file`, `line`, `col`, `title`. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Reads `::error file=a.yaml,line=1::message` lines; between `stop-commands` and its token nothing counts. */
export function annotationsOf(log: string): readonly Annotation[] {
  const annotations: Annotation[] = [];
  let token: string | undefined;
  for (const line of log.split(/\r?\n/)) {
    const [, command, given = '', message = ''] = /^\s*::([\w-]+)(?: ([^:]*))?::(.*)$/.exec(line) ?? [];
    if (token !== undefined) {
      if (command === token) token = undefined;
    } else if (command === 'stop-commands') token = message;
    else if (command === 'error' || command === 'warning' || command === 'notice') {
      annotations.push({ level: command, message: unescapeData(message), properties: propertiesOf(given) });
    }
  }
  return annotations;
}

function propertiesOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').flatMap((pair) => {
    const [, name, value] = /^\s*([^=]+)=(.*)$/.exec(pair) ?? [];
    return name === undefined || value === undefined ? [] : [[name, unescapeProperty(value)] as const];
  });
  return Object.fromEntries(pairs);
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}
