import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CONFIG_CODES } from '../src/engine/config/codes.ts';
import { NOT_HEALED } from '../src/engine/heal.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const REFERENCE = 'docs/reference.md';

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function filesBelow(folder: string, isWanted: (name: string) => boolean): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(isWanted)
    .map((name) => join(folder, name));
}

const pages = ['README.md', ...filesBelow('docs', (name) => name.endsWith('.md'))].filter((page) =>
  existsSync(join(root, page)),
);

function sources(folder: string): string {
  const files = filesBelow(folder, (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return files.map(read).join('\n');
}

/** Sorted, each once. */
function unique(texts: Iterable<string>): readonly string[] {
  return [...new Set(texts)].sort();
}

function groups(text: string, pattern: RegExp): readonly string[] {
  return unique([...text.matchAll(pattern)].map((match) => match[1] ?? ''));
}

/** The text below a heading, up to the next heading of its level or a higher one. */
function section(page: string, heading: string): string {
  const level = /^#+/.exec(heading)![0].length;
  const lines = read(page).split('\n');
  const start = lines.indexOf(heading);
  expect(start, `${page} has no "${heading}"`).toBeGreaterThan(-1);
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^#+ /.test(line) && /^#+/.exec(line)![0].length <= level);
  return rest.slice(0, end < 0 ? undefined : end).join('\n');
}

/** What stands in backticks at the beginning of table rows. */
function rowNames(text: string): readonly string[] {
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
}

describe('the reference', () => {
  it('lists every TU code of the sources, and no other', () => {
    expect(groups(read(REFERENCE), /(TU\d{4})/g)).toEqual(groups(sources('src'), /(TU\d{4})/g));
  });

  it.each(Object.entries(CONFIG_CODES))('says of %s what the code table says', (code, entry) => {
    const row = `| ${code} | ${entry.title} | ${entry.explanation} | ${entry.remedy} |`;
    expect(read(REFERENCE).replaceAll(/ +/g, ' ').split('\n')).toContain(row);
  });

  /** Steps of a writing session have codes too; nobody sees them. */
  const STEPS = ['batch', 'soa', 'sync'];
  /** A schedule tag that names nothing (docs/kinds/instance-schedule.md, "The tag"), and a field that is refused. */
  const NO_FINDINGS = ['unknown-schedule', 'window'];

  it('lists every finding and guard of the sources, each once, and no other', () => {
    const said = [
      'src/engine',
      'src/reconcilers',
      'src/resources',
      'src/dns/mirror',
      'src/iam',
      'src/operations',
      'src/render',
    ]
      .map(sources)
      .join('\n');
    const codes = unique([
      ...groups(said, /(?:\bcode: |\b(?:finding|say)\(\s*)'([a-z]+(?:-[a-z]+)*)'/g),
      ...groups(said, /'([a-z]+(?:-[a-z]+)*)',\s*'(?:info|warning|blocks)'/g),
    ]);
    const others = [...STEPS, ...NO_FINDINGS];
    const listed = [...rowNames(section(REFERENCE, '## Guards')), ...rowNames(section(REFERENCE, '## Findings'))];
    expect(listed.toSorted()).toEqual(codes.filter((code) => !others.includes(code)));
  });

  it('lists every transfer error, each once, and no other', () => {
    const codes = groups(sources('src/dns/transfer'), /new TransferFault\(\s*'([a-z-]+)'/g);
    expect(rowNames(section(REFERENCE, '## Transfer errors')).toSorted()).toEqual(codes);
  });

  it('lists every exit code, and no other', () => {
    const codes = groups(read('src/cli/exit-codes.ts'), /^ {2}\w+: (\d+),$/gm);
    const listed = [...section(REFERENCE, '## Exit codes').matchAll(/^\| ([\d, ]+) \|/gm)];
    expect(unique(listed.flatMap(([, cell = '']) => cell.trim().split(', ')))).toEqual(codes);
  });

  it('and the schema of watch have every reason why a document is left, and no other; so have the pages of the loop', () => {
    const schema = JSON.parse(read('schemas/output/watch.schema.json')) as {
      properties: { left: { items: { properties: { why: { enum: readonly string[] } } } } };
    };
    expect(schema.properties.left.items.properties.why.enum).toEqual(NOT_HEALED);
    const [row = ''] = /^\| `left\[\]` .*$/m.exec(section(REFERENCE, '### trueup/watch@1')) ?? [];
    expect(groups(row.slice(row.indexOf('`why`'), row.indexOf('`message`')), /`([a-z-]+)`/g)).toEqual(
      unique(['why', ...NOT_HEALED]),
    );
    expect(rowNames(section('docs/loop.md', '## What happens in a run')).toSorted()).toEqual(unique(NOT_HEALED));
    const [list = ''] =
      /documents that the loop leaves[^.]*\./.exec(section('docs/kinds/reconcile-loop.md', '### Its issue')) ?? [];
    expect(groups(list, /`([a-z-]+)`/g)).toEqual(unique(NOT_HEALED));
  });

  it('has a chapter for every format that is printed', () => {
    const formats = groups(sources('src'), /'(trueup\/[a-z-]+@\d+)'/g);
    expect(groups(read(REFERENCE), /^### (trueup\/\S+)$/gm)).toEqual(formats);
  });

  it('names every variable of the environment that the command line and the action read, and no other', () => {
    const program = ['src/cli', 'src/github', 'src/operations'].map(sources).join('\n');
    const used = unique([
      ...groups(program, /(?:process\.env|environment)\['([A-Z_]+)'\]/g),
      ...groups(program, /'((?:GITHUB|TRUEUP)_[A-Z_]+)'/g),
      ...groups(read('action.yml'), /\$\{?((?:GITHUB|RUNNER)_[A-Z_]+)/g),
    ]).filter((name) => !name.startsWith('AWS_'));
    const rows = [...section(REFERENCE, '## Environment').matchAll(/^\| (`[A-Z][^|]*) \|/gm)];
    const written = rows.flatMap(([, cell = '']) => groups(cell, /`([A-Z_]+)`/g));
    expect(unique(written.filter((name) => !name.startsWith('AWS_')))).toEqual(used);
  });
});

describe('the dependencies', () => {
  it('have one line of reason each, and no line is without a dependency', () => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(read('package.json')) as {
      readonly dependencies?: object;
      readonly devDependencies?: object;
    };
    const declared = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
    expect(rowNames(read('docs/dependencies.md')).toSorted()).toEqual(declared.toSorted());
  });
});

describe('the page on GitHub', () => {
  const GITHUB = 'docs/github.md';

  it('has the permissions of the jobs of the loop, each with its jobs, and no other', () => {
    const granted = ['plan', 'apply', 'drift'].flatMap((name) => {
      const { jobs } = parse(read(`.github/workflows/${name}.yml`)) as {
        readonly jobs: Readonly<Record<string, { readonly permissions: Readonly<Record<string, string>> }>>;
      };
      return Object.entries(jobs).flatMap(([job, { permissions }]) =>
        Object.entries(permissions).map(([scope, level]) => `${scope}: ${level} for ${job}`),
      );
    });
    const all = unique(granted.map((one) => one.replace(/.* for /, '')));
    const rows = [...section(GITHUB, '## Permissions').matchAll(/^\| `([a-z-]+: \w+)` \| ([^|]+) \|/gm)];
    const written = rows.flatMap(([, permission = '', cell = '']) =>
      (cell === 'all' ? all : groups(cell, /`([a-z]+)`/g)).map((job) => `${permission} for ${job}`),
    );
    expect(unique(written)).toEqual(unique(granted));
  });

  it('has the inputs of the action, and no other', () => {
    const { inputs } = parse(read('action.yml')) as { readonly inputs: object };
    expect(rowNames(section(GITHUB, '## The action'))).toEqual(Object.keys(inputs));
  });
});

/** As GitHub makes anchors of headings. */
function anchorsOf(page: string): readonly string[] {
  return groups(read(page), /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(pages)('%s', (page) => {
  it('links to files and headings that exist', () => {
    const links = groups(read(page), /\]\(([^)\s]+)\)/g).filter((link) => !/^[a-z]+:/.test(link));
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('shows commands with verbs and flags that the command line knows', () => {
    const unknown = commandsOf(page).flatMap(({ verb, flags }) => {
      const known = flagsOf(verb);
      if (known === undefined) return [`trueup ${verb}`];
      return flags.filter((flag) => !known.includes(flag)).map((flag) => `trueup ${verb} ${flag}`);
    });
    expect(unknown).toEqual([]);
  });
});

/** Verbs that have verbs of their own and do nothing themselves. */
const FAMILIES = ['fan-out', 'preview', 'schedule', 'survival', 'zone'];

interface ShownCommand {
  /** Empty: only flags of the program itself. */
  readonly verb: string;
  readonly flags: readonly string[];
}

/** Lines of fenced blocks that begin with `trueup`, `$ trueup` or `npx trueup`. */
function commandsOf(page: string): readonly ShownCommand[] {
  const fenced = [...read(page).matchAll(/^```.*\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '').join('\n');
  return [...fenced.matchAll(/^\s*(?:\$ )?(?:npx )?trueup (.+)$/gm)].map(([, line = '']) => {
    const [command = ''] = line.split(/ [|>#&]/);
    const words = command.trim().split(/\s+/);
    const verb = FAMILIES.includes(words[0] ?? '') ? words.slice(0, 2) : words.slice(0, 1);
    return {
      verb: verb.filter((word) => !word.startsWith('-')).join(' '),
      flags: words.filter((word) => word.startsWith('--')).map((word) => word.replace(/=.*/, '')),
    };
  });
}

const known = new Map<string, readonly string[] | undefined>();

/** Flags of a verb by its own help; undefined: there is no such verb. */
function flagsOf(verb: string): readonly string[] | undefined {
  if (!known.has(verb)) known.set(verb, askForHelp(verb));
  return known.get(verb);
}

function askForHelp(verb: string): readonly string[] | undefined {
  const words = verb.split(' ').filter(Boolean);
  const { stdout } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...words, '--help'], { encoding: 'utf8' });
  const isVerb = stdout.startsWith(`Usage: ${['trueup', ...words].join(' ')} `);
  return isVerb ? groups(stdout, /^ {2}(?:-\w, )?(--[a-z\d-]+)/gm) : undefined;
}

/** Verbs that the help of the program, or of a verb with verbs of its own, lists. */
function verbsOf(parent: string): readonly string[] {
  const { stdout } = spawnSync(
    process.execPath,
    [join(root, 'dist/cli.js'), ...parent.split(' ').filter(Boolean), '--help'],
    {
      encoding: 'utf8',
    },
  );
  const [, commands = ''] = stdout.split('Commands:');
  return groups(commands, /^ {2}([a-z]+(?:-[a-z]+)*)\b/gm)
    .filter((verb) => verb !== 'help')
    .map((verb) => [parent, verb].filter(Boolean).join(' '));
}

interface FlagRow {
  readonly verbs: readonly string[];
  readonly flags: readonly string[];
}

/** Rows of tables that begin with `flag` are about the verbs of their heading, those that begin with `verb` name theirs. */
function flagTables(verbs: readonly string[]): readonly FlagRow[] {
  const parts = section(REFERENCE, '## Verbs and flags').split(/^### /m).slice(1);
  return parts.flatMap((part) => {
    const [heading = '', ...lines] = part.split('\n');
    let first = '';
    return lines.flatMap((line): readonly FlagRow[] => {
      const [, one = '', other = ''] = line.split('|').map((cell) => cell.trim());
      if (one === 'flag' || one === 'verb' || !one.startsWith('`')) {
        if (!one.startsWith('---')) first = one;
        return [];
      }
      if (first === 'flag') return [{ verbs: verbsOfHeading(heading, verbs), flags: flagsIn(one) }];
      return first === 'verb' ? [{ verbs: groups(one, /`([^`]+)`/g), flags: flagsIn(other) }] : [];
    });
  });
}

function flagsIn(cell: string): readonly string[] {
  return groups(cell, /`(--[a-z\d-]+)/g);
}

/** `Endpoint: `plan`, `apply``, `Output: every verb but `schema``, or a verb itself. */
function verbsOfHeading(heading: string, verbs: readonly string[]): readonly string[] {
  const named = groups(heading, /`([^`]+)`/g);
  if (/: (?:every verb|all) but /.test(heading)) return verbs.filter((verb) => !named.includes(verb));
  return named.length > 0 ? named : [heading.trim()];
}

describe('the help', () => {
  const verbs = [...verbsOf('').filter((verb) => !FAMILIES.includes(verb)), ...FAMILIES.flatMap(verbsOf)];

  it('lists the verbs that the reference lists', () => {
    const [table = ''] = section(REFERENCE, '## Verbs and flags').split('\n### ');
    expect(groups(table, /^\| `([a-z-]+(?: [a-z-]+)?)/gm)).toEqual(unique(verbs));
  });

  it.each(verbs)('of %s has the flags that the tables of the reference give it, and no other', (verb) => {
    const written = flagTables(verbs).filter((table) => table.verbs.includes(verb));
    expect(unique(written.flatMap(({ flags }) => flags))).toEqual(flagsOf(verb)!.filter((flag) => flag !== '--help'));
  });
});
