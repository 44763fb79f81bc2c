import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, vi } from 'vitest';
import { temporaryDirectory } from '../config/tree.ts';
import { CLI, ROOT } from '../support/cli-process.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const ALL = [
  '--owner=acme-net',
  '--account=prod=111122223333',
  '--region=eu-west-1',
  '--repository=acme/estate',
  '--repository-id=4711',
  '--default-branch=trunk',
  '--kind=InstanceSchedule',
  '--name=office',
  `--action=trueup-dev/trueup@${COMMIT}`,
];

interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(cwd: string, ...args: readonly string[]): Promise<Ran> {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { cwd, env }, (error, stdout, stderr) => {
      resolve({ exit: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

function put(directory: string, path: string, text: string): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
}

/** Every file below a directory, with what it says. */
function contents(directory: string): ReadonlyMap<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.sort().map((path) => [path.slice(directory.length + 1), readFileSync(path, 'utf8')]));
}

describe('init', () => {
  it('writes what validate takes and plan plans, says what next, and again changes nothing', async () => {
    const directory = await temporaryDirectory();

    const first = await run(directory, 'init', ...ALL, '--yes');
    expect([first.exit, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toContain('+ config/instance-schedule/office.yaml\n');
    expect(first.stdout).toContain(
      `next:
    trueup plan --endpoint embedded
    trueup iam --repository acme/estate --repository-id 4711 --default-branch trunk
    git add .github .gitignore .trueup-schemas .vscode config/settings.yaml && git commit -m "Begin with trueup"
then, by a pull request of its own: config/instance-schedule/office.yaml

`,
    );
    expect(first.stdout.trimEnd().split('\n').at(-1)).toBe('Init: 15 files written.');
    expect(await run(directory, 'validate')).toMatchObject({ exit: 0 });
    expect(await run(directory, 'plan', '--endpoint', 'embedded')).toMatchObject({ exit: 0 });

    const before = contents(directory);
    const again = await run(directory, 'init', ...ALL, '--format', 'json', '--out', 'init.json');
    expect(again.exit).toBe(0);
    const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/output/init.schema.json'), 'utf8')) as object;
    const validate = new Ajv2020({ strict: true }).compile(schema);
    const document = JSON.parse(again.stdout) as { readonly files: readonly { readonly state: string }[] };
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(new Set(document.files.map(({ state }) => state))).toEqual(new Set(['same']));
    expect(new Map([...before, ['init.json', again.stdout]])).toEqual(contents(directory));
  });

  it('leaves what is there and says so with 4; a .gitignore gets its line', async () => {
    const directory = await temporaryDirectory();
    put(directory, '.vscode/settings.json', '{ "editor.tabSize": 3 }\n');
    put(directory, '.github/workflows/plan.yml', 'name: mine\n');
    put(directory, '.gitignore', 'node_modules\r\n*.log');

    const ran = await run(directory, 'init', ...ALL);

    expect(ran.exit).toBe(4);
    expect(ran.stdout).toContain('! .vscode/settings.json is there and says something else: it stays as it is\n');
    expect(ran.stdout).toContain('! .github/workflows/plan.yml is there and says something else');
    expect(ran.stdout).toContain('Init: 13 files written, 2 left.');
    const after = contents(directory);
    expect(after.get('.vscode/settings.json')).toBe('{ "editor.tabSize": 3 }\n');
    expect(after.get('.github/workflows/plan.yml')).toBe('name: mine\n');
    expect(after.get('.gitignore')).toBe('node_modules\r\n*.log\r\n.trueup/\r\n');
    expect((await run(directory, 'init', ...ALL)).stdout).toContain('= .gitignore is as it should be\n');
    expect(contents(directory)).toEqual(after);
  });

  it.each([
    ['--owner', ALL.slice(1)],
    ['--account', [...ALL.slice(0, 1), ...ALL.slice(2)]],
    ['--region', [...ALL.slice(0, 2), ...ALL.slice(3)]],
    ['--name', ALL.filter((flag) => !flag.startsWith('--name'))],
  ])('without %s and without a terminal it ends with 64 and writes nothing', async (flag, flags) => {
    const directory = await temporaryDirectory();
    const ran = await run(directory, 'init', ...flags);
    expect([ran.exit, ran.stderr]).toEqual([64, expect.stringContaining(`${flag} is missing`)]);
    expect(contents(directory).size).toBe(0);
  });

  it('refuses what is no directory', async () => {
    const directory = await temporaryDirectory();
    expect(await run(directory, 'init', ...ALL, '--dir', 'nowhere')).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining('--dir nowhere is no directory'),
    });
  });

  it('writes nothing where the configuration would not be valid with what is there', async () => {
    const directory = await temporaryDirectory();
    put(
      directory,
      'estate/config/other.yaml',
      'apiVersion: trueup/v1\nkind: Settings\nmetadata: { name: x }\nspec: {}\n',
    );
    const before = contents(directory);

    const ran = await run(directory, 'init', ...ALL, '--dir', 'estate', '--format', 'json');

    expect(ran.exit).toBe(65);
    const { format, errors } = JSON.parse(ran.stdout) as {
      format: string;
      errors: readonly { code: string; file: string }[];
    };
    expect([format, errors.map(({ code }) => code)]).toEqual(['trueup/validate@1', expect.arrayContaining(['TU1019'])]);
    expect(errors.map(({ file }) => file)).toContain('estate/config/other.yaml');
    expect(contents(directory)).toEqual(before);
  });

  it.each([
    ['a file stands where a folder should be', '.trueup-schemas'],
    ['a file stands where a folder of a folder should be', '.github'],
  ])('takes back what it wrote where %s', async (_, path) => {
    const directory = await temporaryDirectory();
    put(directory, path, 'a file\n');
    const ran = await run(directory, 'init', ...ALL, '--format', 'json');
    expect([ran.exit, JSON.parse(ran.stdout)]).toMatchObject([1, { error: { code: 'TU0011' } }]);
    expect(readdirSync(directory)).toEqual([path]);
  });

  it('follows no link, and leaves no folder behind', async () => {
    const directory = await temporaryDirectory();
    mkdirSync(join(directory, 'estate'));
    mkdirSync(join(directory, 'elsewhere'));
    symlinkSync('../elsewhere', join(directory, 'estate/.trueup-schemas'));
    symlinkSync('../elsewhere/ignored', join(directory, 'estate/.gitignore'));
    const ran = await run(directory, 'init', ...ALL, '--dir', 'estate');
    expect([ran.exit, ran.stderr.replaceAll(/\s+/g, ' ')]).toEqual([
      1,
      expect.stringContaining('.trueup-schemas is a link, which may lead out of the directory'),
    ]);
    expect([readdirSync(join(directory, 'estate')).sort(), readdirSync(join(directory, 'elsewhere'))]).toEqual([
      ['.gitignore', '.trueup-schemas'],
      [],
    ]);
  });
});
