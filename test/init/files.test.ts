import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { workflowText, WORKFLOWS } from '../../src/init/workflows.ts';
import type { Answers } from '../../src/init/answers.ts';
import { loadConfig } from '../../src/operations/project.ts';
import { builtCommit, init } from '../../src/operations/init.ts';
import { KINDS } from '../../src/reconcilers/registry.ts';
import { temporaryDirectory } from '../config/tree.ts';
import { golden } from '../support/golden.ts';
import { workflowViolations } from '../support/workflow-rules.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NOW = Date.parse('2026-11-24T10:00:00Z');
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const ANSWERS: Answers = {
  owner: 'acme-net',
  accounts: [
    { alias: 'prod', id: '222233334444' },
    { alias: 'lab', id: '012345678901' },
  ],
  region: 'us-east-2',
  planRole: 'ci/reads',
  applyRole: 'ci/writes',
  boundary: 'bounds',
  repository: 'acme/estate',
  repositoryId: '4711',
  defaultBranch: 'trunk',
  first: { kind: 'ZoneMirror', name: 'corp' },
  action: `acme/fork-of-trueup@${COMMIT}`,
};

function ours(name: string): string {
  return readFileSync(join(ROOT, `.github/workflows/${name}.yml`), 'utf8');
}

interface Workflow {
  readonly on: { readonly push?: { readonly branches: readonly unknown[] } };
  readonly jobs: Readonly<
    Record<string, { readonly if?: string; readonly steps: readonly { readonly with?: { readonly ref?: unknown } }[] }>
  >;
}

describe('a workflow', () => {
  it.each(WORKFLOWS)('%s is ours, and of as many lines, but for the values of the repository', (name) => {
    const [before, after] = [ours(name), workflowText(ours(name), ANSWERS)].map((text) => text.split('\n'));
    expect(after).toHaveLength(before!.length);
    const changed = before!.flatMap((line, index) =>
      line === after![index] ? [] : [[line.trim(), after![index]!.trim()]],
    );
    const allowed = new Map([
      ['branches: [main]', 'branches: [trunk]'],
      ["if: github.ref == 'refs/heads/main'", "if: github.ref == 'refs/heads/trunk'"],
      ['ref: main', 'ref: trunk'],
      [
        'role-to-assume: arn:aws:iam::111122223333:role/trueup-plan',
        'role-to-assume: arn:aws:iam::222233334444:role/ci/reads',
      ],
      [
        'role-to-assume: arn:aws:iam::111122223333:role/trueup-apply',
        'role-to-assume: arn:aws:iam::222233334444:role/ci/writes',
      ],
      ['aws-region: eu-west-1', 'aws-region: us-east-2'],
    ]);
    for (const [line = '', now] of changed) {
      expect(now).toBe(allowed.get(line) ?? line.replace(/trueup-dev\/trueup@[0-9a-f]{40}/, ANSWERS.action));
    }
    // Nothing of ours that has to be another's is left.
    const text = after!.join('\n');
    expect(text).not.toMatch(/111122223333|eu-west-1|trueup-dev|\bmain\b/);
  });

  it.each(WORKFLOWS)('%s with our own values is ours', (name) => {
    const [action = ''] = /trueup-dev\/trueup@[0-9a-f]{40}/.exec(ours(name)) ?? [];
    const own = {
      ...ANSWERS,
      accounts: [{ alias: 'prod', id: '111122223333' }],
      region: 'eu-west-1',
      planRole: 'trueup-plan',
      applyRole: 'trueup-apply',
      defaultBranch: 'main',
      action,
    };
    expect(workflowText(ours(name), own)).toBe(ours(name));
  });

  it.each(WORKFLOWS)('%s keeps the rules of hygiene that ours keep (T50)', (name) => {
    const text = workflowText(ours(name), { ...ANSWERS, action: `trueup-dev/trueup@${COMMIT}` });
    expect(workflowViolations(text)).toEqual([]);
  });

  it.each(['2024', '1.0', 'true', 'release/1.x', '012', 'no'])('keeps a branch %s as text', (defaultBranch) => {
    const text = workflowText(ours('apply'), { ...ANSWERS, defaultBranch });
    const { on, jobs } = parse(text) as Workflow;
    expect(on.push?.branches).toEqual([defaultBranch]);
    expect(jobs['apply']?.if).toBe(`github.ref == 'refs/heads/${defaultBranch}'`);
    expect(jobs['apply']?.steps[0]?.with?.ref).toBe(defaultBranch);
  });
});

describe('what init writes', () => {
  it.each(KINDS.map(({ kind }) => kind.kind))('is valid with a first %s', async (kind) => {
    const directory = await temporaryDirectory();
    expect(await init(directory, { ...ANSWERS, first: { kind, name: 'first' } }, NOW)).toMatchObject({
      format: 'trueup/init@1',
    });
    const { result, project } = await loadConfig(join(directory, 'config'), { cwd: directory, now: NOW });
    expect(result).toMatchObject({ ok: true, errors: [], warnings: [], documents: 2 });
    expect(project).toMatchObject({
      documents: [{ kind, name: 'first' }],
      defaultAccount: {
        alias: 'prod',
        id: '222233334444',
        planRole: 'arn:aws:iam::222233334444:role/ci/reads',
        applyRole: 'arn:aws:iam::222233334444:role/ci/writes',
      },
      settings: { owner: 'acme-net', defaultRegion: 'us-east-2', permissionsBoundary: 'bounds' },
    });
    expect(project?.accounts.get('012345678901')).toMatchObject({ alias: 'lab' });
  });

  it('is Settings alone where no kind is named', async () => {
    const directory = await temporaryDirectory();
    const { first: _first, ...rest } = ANSWERS;
    await init(directory, rest, NOW);
    expect(readdirSync(join(directory, 'config'))).toEqual(['settings.yaml']);
  });

  it.each(['123', '1e3', 'true', '0x1f'])('keeps an owner %s as text', async (owner) => {
    const directory = await temporaryDirectory();
    await init(directory, { ...ANSWERS, owner, accounts: [{ alias: owner, id: '222233334444' }] }, NOW);
    const { project } = await loadConfig(join(directory, 'config'), { cwd: directory, now: NOW });
    expect([project?.settings.owner, project?.defaultAccount.alias]).toEqual([owner, owner]);
  });

  it('T133 names exact commits and nothing that moves, as reviewed', async () => {
    const directory = await temporaryDirectory();
    await init(directory, ANSWERS, NOW);
    const paths = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
      .sort();
    const texts = new Map(paths.map((path) => [path, readFileSync(join(directory, path), 'utf8')]));
    const uses = [...texts.values()].flatMap((text) =>
      [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, what]) => what),
    );
    expect(uses.length).toBeGreaterThanOrEqual(WORKFLOWS.length * 3);
    for (const what of uses) expect(what).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}(?: # v\d+\.\d+\.\d+)?$/);
    for (const path of paths.filter((one) => one.startsWith('.github/'))) {
      expect(texts.get(path)).not.toMatch(/\blatest\b|@v\d|@main\b|\bnpx\b|npm install/);
      for (const [, runner] of texts.get(path)!.matchAll(/runs-on: (.*)/g)) expect(runner).toBe('ubuntu-24.04');
    }
    // Schemas are held against the ones that validate.
    const own = paths.filter((path) => !path.startsWith('.trueup-schemas/'));
    const report = own.map((path) => `==> ${path} <==\n${texts.get(path)}`).join('\n');
    expect(report).toBe(golden('init/files.txt', report));
    expect(paths).toEqual([
      '.github/workflows/apply.yml',
      '.github/workflows/drift.yml',
      '.github/workflows/plan.yml',
      '.gitignore',
      '.trueup-schemas/bucket-fan-out.schema.json',
      '.trueup-schemas/common.schema.json',
      '.trueup-schemas/config.schema.json',
      '.trueup-schemas/instance-schedule.schema.json',
      '.trueup-schemas/reconcile-loop.schema.json',
      '.trueup-schemas/settings.schema.json',
      '.trueup-schemas/survival-service.schema.json',
      '.trueup-schemas/zone-mirror.schema.json',
      '.vscode/settings.json',
      'config/settings.yaml',
      'config/zone-mirror/corp.yaml',
    ]);
  });

  it('gives editors one schema for documents of any kind, offline', async () => {
    const directory = await temporaryDirectory();
    await init(directory, ANSWERS, NOW);
    const folder = join(directory, '.trueup-schemas');
    const read = (name: string): object => JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const name of readdirSync(folder).filter((one) => one !== 'config.schema.json')) ajv.addSchema(read(name));
    const validate = ajv.compile(read('config.schema.json'));
    const isValid = (file: string, change: (text: string) => string = (text) => text): unknown =>
      validate(parse(change(readFileSync(join(directory, 'config', file), 'utf8'))));
    expect([isValid('settings.yaml'), isValid('zone-mirror/corp.yaml')]).toEqual([true, true]);
    expect(isValid('settings.yaml', (text) => text.replace('owner:', 'ownr:'))).toBe(false);
    expect(isValid('zone-mirror/corp.yaml', (text) => text.replace('domain:', 'domains:'))).toBe(false);
    expect(isValid('zone-mirror/corp.yaml', (text) => text.replace('kind: ZoneMirror', 'kind: ZoneMirrors'))).toBe(
      false,
    );
    const editor = JSON.parse(readFileSync(join(directory, '.vscode/settings.json'), 'utf8')) as object;
    expect(Object.keys(Object.values(editor)[0] as object)).toEqual(['./.trueup-schemas/config.schema.json']);
    // The line by which any other editor finds the schema of one file leads to it, too.
    for (const file of ['settings.yaml', 'zone-mirror/corp.yaml']) {
      const [, schema = ''] =
        /^# yaml-language-server: \$schema=(.*)$/m.exec(readFileSync(join(directory, 'config', file), 'utf8')) ?? [];
      expect(existsSync(join(directory, 'config', file, '..', schema))).toBe(true);
    }
  });
});

describe('what init is made of', () => {
  it('knows the commit of the checkout that it was built in, and none where there is none', () => {
    const git = (...args: readonly string[]) => spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' }).stdout.trim();
    const isCheckout = existsSync(join(ROOT, '.git'));
    const commit = builtCommit();
    expect([commit === undefined ? '' : git('cat-file', '-t', commit), isCheckout]).toEqual([
      isCheckout ? 'commit' : '',
      isCheckout,
    ]);
  });
});
