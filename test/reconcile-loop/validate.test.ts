import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/operations/project.ts';
import { NOW } from '../support/estate.ts';
import { createLoopEstate, GITHUB_SOURCE, KEY, loopYaml, S3_SOURCE, SIGNED } from '../support/reconcile-loop.ts';

async function problemsOf(
  spec: readonly string[],
  { settings = (yaml: string): string => yaml, other = '' } = {},
): Promise<readonly string[]> {
  const estate = await createLoopEstate(spec);
  estate.rewrite('settings.yaml', settings);
  if (other !== '') estate.write('second.yaml', other);
  const { result } = await loadConfig(join(estate.directory, 'config'), { cwd: estate.directory, now: NOW });
  return [...result.errors, ...result.warnings]
    .filter(({ file }) => file?.endsWith('main.yaml'))
    .map(({ code, path, message, hint }) => [code, path, message, hint].filter(Boolean).join(' | '));
}

const APPROVALS = 'approvals: { bucket: acme-trueup, key: estate.approval.json }';

describe('validate', () => {
  it.each<[string, readonly string[]]>([
    ['a signed bundle', [S3_SOURCE, SIGNED]],
    ['a bundle with approvals beside it', [S3_SOURCE, SIGNED, 'mode: apply']],
    ['a branch, to report and to heal', [GITHUB_SOURCE, 'mode: heal']],
    ['a branch, and approvals in S3', [GITHUB_SOURCE, SIGNED, APPROVALS, 'mode: apply']],
    ['some kinds', [S3_SOURCE, SIGNED, 'onlyKinds: [ZoneMirror, InstanceSchedule]']],
    ['an issue', [S3_SOURCE, SIGNED, 'issue: { repository: acme/estate, token: "ssm:/issue" }']],
    ['a branch with a slash', [GITHUB_SOURCE.replace('token', 'ref: release/v1.2, path: infra/config, token')]],
    ['the whole repository', [GITHUB_SOURCE.replace('token', 'path: ., token')]],
  ])('takes %s', async (_what, spec) => {
    expect(await problemsOf(spec)).toEqual([]);
  });

  it.each<[string, readonly string[], string]>([
    ['no source', ['mode: report'], 'TU1005 | '],
    ['an empty source', ['source: {}'], 'TU1003 | /spec/source'],
    [
      'two sources',
      ['source: { s3: { bucket: acme-trueup, key: a }, github: { repository: acme/e, token: "ssm:/t" } }', SIGNED],
      'TU1003 | /spec/source | spec.source must have either s3 (a bundle that trueup publish writes) or github (a branch)',
    ],
    ['a bundle without a key', [S3_SOURCE], 'TU1030 | /spec | spec.signingKey is missing: a bundle in S3'],
    [
      'approvals without a key',
      [GITHUB_SOURCE, APPROVALS, 'mode: apply'],
      'TU1030 | /spec | spec.signingKey is missing: mode apply takes only signed approvals',
    ],
    [
      'a branch without approvals',
      [GITHUB_SOURCE, SIGNED, 'mode: apply'],
      'TU1030 | /spec | spec.approvals is missing',
    ],
    [
      'an approval in place of the bundle',
      [S3_SOURCE, SIGNED, 'approvals: { bucket: acme-trueup, key: estate.tar.gz }'],
      'TU1030 | /spec/approvals',
    ],
    ['an alias of a key', [S3_SOURCE, `signingKey: ${KEY.replace('key/', 'alias/')}`], 'TU1003 | /spec/signingKey'],
    ['a key’s id', [S3_SOURCE, 'signingKey: 1234abcd-12ab-34cd-56ef-1234567890ab'], 'TU1003 | /spec/signingKey'],
    [
      'a kind that there is not',
      [S3_SOURCE, SIGNED, 'onlyKinds: [ZoneMirror, InstanceShedule]'],
      'TU1006 | /spec/onlyKinds/1 | spec.onlyKinds.1: there is no kind InstanceShedule | did you mean InstanceSchedule?',
    ],
    [
      'a token in the file',
      [GITHUB_SOURCE.replace('secretsmanager:source', `ghp_${'a1B2'.repeat(9)}`)],
      'TU1015 | /spec/source/github/token',
    ],
    [
      'a token of the issue in the file',
      [S3_SOURCE, SIGNED, 'issue: { repository: acme/estate, token: "plain" }'],
      'TU1015 | /spec/issue/token',
    ],
    [
      'a pattern for a key of an object',
      [S3_SOURCE.replace('estate.tar.gz', '"*"'), SIGNED],
      'TU1003 | /spec/source/s3/key',
    ],
    [
      'a path out of the repository',
      [GITHUB_SOURCE.replace('token', 'path: a/../b, token')],
      'TU1003 | /spec/source/github/path',
    ],
    [
      'a branch that is an option',
      [GITHUB_SOURCE.replace('token', 'ref: --all, token')],
      'TU1003 | /spec/source/github/ref',
    ],
    [
      'a token over http',
      [GITHUB_SOURCE.replace('token', 'api: "http://github.example", token')],
      'TU1003 | /spec/source/github/api',
    ],
    ['too little memory', [S3_SOURCE, SIGNED, 'function: { memory: 256 }'], 'TU1003 | /spec/function/memory'],
    ['a long run', [S3_SOURCE, SIGNED, 'function: { timeout: 16m }'], 'TU1003 | /spec/function/timeout'],
    ['a short run', [S3_SOURCE, SIGNED, 'function: { timeout: 1m }'], 'TU1033 | /spec/function/timeout'],
  ])('refuses or warns of %s', async (_what, spec, problem) => {
    expect(await problemsOf(spec)).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ['report', '', 'TU1032 | /spec/mode | spec.mode report takes planRole of the default account'],
    ['heal', '', 'TU1032 | /spec/mode | spec.mode heal takes applyRole of the default account'],
    ['heal', 'planRole', 'TU1032 | /spec/mode | spec.mode heal takes applyRole of the default account'],
  ])('refuses %s where Settings name %s of the default account', async (mode, kept, problem) => {
    const settings = (yaml: string): string =>
      yaml.replace(/prod: \{ id: ("\d+"), (planRole: "[^"]+"), applyRole: "[^"]+" \}/, (_, id, role) =>
        kept === '' ? `prod: { id: ${id} }` : `prod: { id: ${id}, ${role} }`,
      );
    expect(await problemsOf([S3_SOURCE, SIGNED, `mode: ${mode}`], { settings })).toEqual([
      expect.stringContaining(problem),
    ]);
  });

  it('refuses two loops that hold one bundle against two keys, and takes them with one', async () => {
    const other = (key: string): string => loopYaml([S3_SOURCE, `signingKey: ${key}`], 'second');
    expect(await problemsOf([S3_SOURCE, SIGNED], { other: other(KEY) })).toEqual([]);
    expect(await problemsOf([S3_SOURCE, SIGNED], { other: other(KEY.replace('1234abcd', '9999abcd')) })).toEqual([
      expect.stringContaining('TU1030 | /spec/source/s3 | spec.source.s3 is the bundle of ReconcileLoop/second too'),
    ]);
  });

  it('refuses what does not fit into the environment of its function', async () => {
    // Hex digits do not become shorter than half by being compressed.
    const long = (seed: string, blocks: number): string =>
      Array.from({ length: blocks }, (_, index) => createHash('sha256').update(`${seed}${index}`).digest('hex')).join(
        '/',
      );
    const spec = [
      `source: { github: { repository: acme/estate, path: "${long('path', 20)}", token: "ssm:/${long('token', 15)}" } }`,
      `approvals: { bucket: acme-trueup, key: "${long('key', 13)}" }`,
      `issue: { repository: acme/estate, token: "ssm:/${long('issue', 15)}" }`,
      SIGNED,
    ];
    expect(await problemsOf(spec)).toEqual([]);
    expect(await problemsOf([...spec, 'mode: apply'])).toEqual([
      expect.stringMatching(/^TU1028 \| \/spec \| the document takes \d{4} characters/),
    ]);
  });
});
