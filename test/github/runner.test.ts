import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { outputsText } from '../../src/github/outputs.ts';
import { pullRequest, pullRequestTarget, push, schedule, workflowDispatch } from '../support/github/events.ts';
import { openGithub } from '../support/github/index.ts';
import type { Github, GithubOptions } from '../support/github/index.ts';
import { dispatch, rerun, runWorkflow } from '../support/runner/index.ts';
import type { RunnerOptions, RunResult } from '../support/runner/index.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const ROOT = new URL('../..', import.meta.url).pathname;
const PATH = '.github/workflows/a.yml';

async function open(files: GithubOptions['files'], options: GithubOptions = {}): Promise<Github> {
  const github = await openGithub({ files: { 'config/a.yaml': 'a: 1\n', ...files }, ...options });
  onTestFinished(() => github.close());
  return github;
}

function jobOf(lines: readonly string[], head: readonly string[] = []): string {
  const steps = lines.map((line) => `      ${line}`);
  const more = head.map((line) => `    ${line}`);
  return ['on: push', 'jobs:', '  one:', '    runs-on: ubuntu-24.04', ...more, '    steps:', ...steps, ''].join('\n');
}

/** Runs the steps of one job on a push. */
async function runJob(lines: readonly string[], head: readonly string[] = [], options: RunnerOptions = {}) {
  const github = await open({ [PATH]: jobOf(lines, head) });
  const result = await runWorkflow(github, push(github), PATH, options);
  return { github, result, job: result.jobs['one']! };
}

describe('a workflow of three jobs', () => {
  const text = `on:
  push: { branches: [main] }
permissions: {}
env: { SHARED: all }
jobs:
  build:
    runs-on: ubuntu-24.04
    outputs: { id: "\${{ steps.make.outputs.id }}", text: "\${{ steps.make.outputs.text }}" }
    steps:
      - id: make
        run: |
          echo "id=7" >> "$GITHUB_OUTPUT"
          printf 'text<<END\\none\\ntwo\\nEND\\n' >> "$GITHUB_OUTPUT"
          echo "# Built $SHARED" >> "$GITHUB_STEP_SUMMARY"
  use:
    needs: build
    runs-on: ubuntu-24.04
    env: { ID: "\${{ needs.build.outputs.id }}" }
    steps:
      - run: 'echo "got $ID and \${{ needs.build.outputs.text }}"'
      - run: exit 3
      - run: echo never
      - if: failure()
        run: echo cleaned
  last:
    needs: [build, use]
    runs-on: ubuntu-24.04
    steps: [{ run: echo never }]
`;

  it('hands outputs on, fails where a step fails, and skips what needs it', async () => {
    const github = await open({ [PATH]: text });
    const [result] = (await dispatch(github, push(github))) as [RunResult];
    const { build, use, last } = result.jobs;
    expect(build).toMatchObject({ conclusion: 'success', outputs: { id: '7', text: 'one\ntwo' } });
    expect(build?.summary).toBe('# Built all\n');
    expect(use?.conclusion).toBe('failure');
    expect(use?.steps.map(({ outcome, exit }) => [outcome, exit])).toStrictEqual([
      ['success', 0],
      ['failure', 3],
      ['skipped', undefined],
      ['success', 0],
    ]);
    expect(use?.log).toContain('got 7 and one\ntwo');
    expect(use?.log).not.toContain('never');
    expect(use?.annotations).toMatchObject([{ level: 'error', message: 'Process completed with exit code 3.' }]);
    expect(last).toMatchObject({ conclusion: 'skipped', steps: [] });
    expect(github.state.runs.get(result.run.id)).toMatchObject({
      event: 'push',
      path: PATH,
      headSha: github.tip(),
      headBranch: 'main',
      status: 'completed',
      conclusion: 'failure',
    });
  });

  it('runs once more at the same commit', async () => {
    const github = await open({ [PATH]: jobOf(['- run: echo "$GITHUB_RUN_ID $GITHUB_RUN_ATTEMPT $GITHUB_SHA"']) });
    const first = await runWorkflow(github, push(github), PATH);
    github.push({ 'config/a.yaml': 'a: 2\n' });
    const again = await rerun(github, first);
    const { id, headSha } = first.run;
    expect(first.jobs['one']?.log).toBe(`${id} 1 ${headSha}\n`);
    expect(again.jobs['one']?.log).toBe(`${id} 2 ${headSha}\n`);
  });

  it.each([
    ['push to main', (github: Github) => push(github), 1],
    ['push elsewhere', (github: Github) => push(github, { branch: 'other' }), 0],
    ['schedule', (github: Github) => schedule(github), 0],
  ] as const)('%s starts %i', async (_, make, count) => {
    const github = await open({ [PATH]: text });
    github.moveBranch('other', github.tip());
    expect(await dispatch(github, make(github))).toHaveLength(count);
  });

  it('with a key that the runner does not know is refused', async () => {
    await expect(runJob(['- run: "true"'], ['strategy: { matrix: {} }'])).rejects.toThrow('strategy of job one');
  });
});

describe('a step', () => {
  it('has the environment of a runner, and nothing of ours', async () => {
    process.env['TRUEUP_CANARY'] = 'leaked';
    onTestFinished(() => void delete process.env['TRUEUP_CANARY']);
    const { github, job } = await runJob(['- run: env'], [], { env: { TRUEUP_ENDPOINT: 'embedded:x' } });
    const seen = new Map(job.log.split('\n').map((line) => line.split(/=(.*)/s) as [string, string]));
    expect(Object.fromEntries(seen)).toMatchObject({
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: github.url,
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REPOSITORY: 'acme/estate',
      GITHUB_JOB: 'one',
      RUNNER_TEMP: job.temp,
      TRUEUP_ENDPOINT: 'embedded:x',
    });
    const names = ['TRUEUP_CANARY', 'GITHUB_TOKEN', 'AWS_REGION', 'ACTIONS_ID_TOKEN_REQUEST_URL', 'VITEST'];
    expect(names.filter((name) => seen.has(name))).toStrictEqual([]);
  });

  it.each([
    ['shell: bash', 'failure'],
    ['name: no shell', 'success'],
  ])('with %s, a pipe whose first part fails: %s', async (line, conclusion) => {
    const { job } = await runJob([`- ${line}`, '  run: false | true']);
    expect(job.conclusion).toBe(conclusion);
  });

  it('sets environment and search path for later ones', async () => {
    const { job } = await runJob([
      '- run: |',
      '    mkdir bin && printf "#!/bin/sh\\necho found\\n" > bin/tool && chmod +x bin/tool',
      '    echo "$PWD/bin" >> "$GITHUB_PATH"; echo "COLOUR=blue" >> "$GITHUB_ENV"',
      '- run: tool; echo "$COLOUR ${{ env.COLOUR }}"',
    ]);
    expect(job.log).toBe('found\nblue blue\n');
  });

  it('may fail where it is said so, and its command file must be in order', async () => {
    const tolerated = await runJob(['- run: exit 1', '  continue-on-error: true', '- run: echo on']);
    expect([tolerated.job.conclusion, tolerated.job.log]).toStrictEqual([
      'success',
      '::error::Process completed with exit code 1.\non\n',
    ]);
    const broken = await runJob(['- run: echo nonsense >> "$GITHUB_OUTPUT"']);
    expect(broken.job).toMatchObject({ conclusion: 'failure' });
    expect(broken.job.log).toContain("Invalid format 'nonsense'");
  });

  it('annotates, unless commands are stopped', async () => {
    const { job } = await runJob([
      '- run: |',
      '    echo "::warning file=a%2Cb.yaml,line=3::one%0Atwo"',
      '    echo "::stop-commands::abc"; echo "::error::hidden"; echo "::abc::"; echo "::notice::seen"',
    ]);
    expect(job.annotations).toStrictEqual([
      { level: 'warning', message: 'one\ntwo', properties: { file: 'a,b.yaml', line: '3' } },
      { level: 'notice', message: 'seen', properties: {} },
    ]);
  });

  it.each([
    ['that is the program', 'exec', 'asked'],
    ['around the program', '', 'unaware'],
  ])('%s is the only process that a cancellation reaches', async (_, prefix, said) => {
    const directory = mkdtempSync(join(tmpdir(), 'trueup-cancel-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const cancel = new AbortController();
    const cancelWhenReady = (): Record<string, string> => {
      const timer = setInterval(() => {
        if (!existsSync(join(directory, 'ready'))) return;
        clearInterval(timer);
        cancel.abort();
        if (prefix === '') writeFileSync(join(directory, 'go'), '');
      }, 10);
      return {};
    };
    const program = [
      'const { existsSync, writeFileSync } = require("node:fs");',
      'const end = (word) => { console.log(word); process.exit(0); };',
      'process.on("SIGINT", () => end("asked"));',
      'setInterval(() => existsSync("go") && end("unaware"), 10);',
      'writeFileSync("ready", "");',
    ];
    const steps = [
      '- uses: test/cancel@main',
      `- run: ${prefix} node -e '${program.join(' ')}'`,
      `  working-directory: ${directory}`,
      '- run: echo never',
      '- if: cancelled()',
      '  run: echo after',
    ];
    const actions = new Map([['test/cancel', cancelWhenReady]]);
    const { result, job } = await runJob(steps, [], { actions, cancel: cancel.signal });
    expect(result.conclusion).toBe('cancelled');
    expect(job.log).toContain(said);
    expect(job.log).not.toContain('never');
  });
});

describe('the token of a job', () => {
  const CALL = [
    '- env: { TOKEN: "${{ github.token }}" }',
    '  run: |',
    '    node -e \'fetch(process.env.GITHUB_API_URL + "/repos/acme/estate/issues", { method: "POST", body: JSON.stringify({ title: "x" }), headers: { authorization: "Bearer " + process.env.TOKEN } }).then((r) => console.log(r.status))\'',
  ];

  it.each([
    ['permissions: { issues: write }', '201'],
    ['permissions: { issues: read }', '403'],
    ['permissions: {}', '403'],
    ['permissions: write-all', '201'],
    ['name: no permissions', '403'],
  ])('%s: %s', async (line, status) => {
    const { github, job } = await runJob(CALL, [line]);
    expect(job.log.trim()).toBe(status);
    expect([...github.state.tokens.keys()]).toStrictEqual([github.token]);
  });

  it('of a fork reads only, and has no identity', async () => {
    const text = jobOf(CALL, ['permissions: { issues: write, id-token: write }']).replace('push', 'pull_request');
    const github = await open({ [PATH]: text });
    const own = github.openPull({ files: { a: '1' } });
    const foreign = github.openPull({ fork: 'mallory', files: { b: '1' } });
    const [ofOwn] = await dispatch(github, pullRequest(github, own.number, 'opened'));
    const [ofForeign] = await dispatch(github, pullRequest(github, foreign.number, 'opened'));
    expect(ofOwn?.jobs['one']).toMatchObject({ log: '201\n', permissions: { 'id-token': 'write' } });
    expect(ofForeign?.jobs['one']).toMatchObject({ log: '403\n', permissions: { issues: 'read' } });
    expect(ofForeign?.jobs['one']?.permissions).not.toHaveProperty('id-token');
  });
});

describe('actions that the runner plays', () => {
  it.each([
    ['persist-credentials: false', ''],
    ['persist-credentials: true', 'AUTHORIZATION: basic'],
  ])('checkout with %s', async (line, left) => {
    const { github, job } = await runJob([
      '- uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8',
      `  with: { ${line} }`,
      '- run: |',
      '    git log --format=%H; cat config/a.yaml; git remote get-url origin; git branch --show-current',
      '    cat .git/config',
    ]);
    expect(job.conclusion).toBe('success');
    expect(job.log).toContain(`\n${github.tip()}\na: 1\nhttps://github.com/acme/estate\nmain\n`);
    expect(/AUTHORIZATION: \w+/.exec(job.log)?.[0] ?? '').toBe(left);
  });

  it.each([
    ['ref: main, fetch-depth: 0', '3'],
    ['ref: main', '1'],
    ['fetch-depth: 0', '2'],
  ])('checkout of %s has %s commits', async (line, count) => {
    const steps = ['- uses: actions/checkout@v5', `  with: { ${line} }`, '- run: git rev-list --count HEAD'];
    const github = await open({ 'config/b.yaml': 'b' });
    github.push({ [PATH]: jobOf(steps) });
    const event = push(github);
    github.push({ 'config/c.yaml': 'c' });
    const { jobs } = await runWorkflow(github, event, PATH);
    expect(jobs['one']?.log.trim().split('\n').at(-1)).toBe(count);
  });

  const ASSUME = [
    '- uses: aws-actions/configure-aws-credentials@a03048d87541d1d9fcf2ecf528a4a65ba9bd7838',
    '  with:',
    '    role-to-assume: arn:aws:iam::111122223333:role/trueup-apply',
    '    role-session-name: s-${{ github.run_id }}',
    '    aws-region: eu-west-1',
    '- run: echo "$AWS_REGION ${AWS_ACCESS_KEY_ID:0:4}"',
  ];

  it('credentials need an identity, which says where it comes from', async () => {
    const { github, result, job } = await runJob(ASSUME, ['permissions: { id-token: write }', 'environment: prod']);
    expect(job).toMatchObject({ conclusion: 'success', log: 'eu-west-1 ASIA\n', environment: 'prod' });
    expect(job.sessions).toMatchObject([
      {
        role: 'arn:aws:iam::111122223333:role/trueup-apply',
        session: `s-${result.run.id}`,
        claims: {
          aud: 'sts.amazonaws.com',
          sub: `repo:acme@${github.state.owner.id}/estate@${github.state.id}:environment:prod`,
          ref: 'refs/heads/main',
          repository_id: String(github.state.id),
          environment: 'prod',
          job_workflow_ref: `acme/estate/${PATH}@refs/heads/main`,
        },
      },
    ]);
    const without = await runJob(ASSUME, ['permissions: { contents: read }']);
    expect(without.job).toMatchObject({ conclusion: 'failure', sessions: [] });
  });

  it('credentials are refused by who gives them', async () => {
    const assumeRole = (): never => {
      throw new Error('Not authorized to perform sts:AssumeRoleWithWebIdentity');
    };
    const { job } = await runJob(ASSUME, ['permissions: { id-token: write }'], { assumeRole });
    expect(job.conclusion).toBe('failure');
    expect(job.log).toContain('Not authorized');
  });

  it.each([
    ['if-no-files-found: ignore', 'none.json', 'success', 0],
    ['if-no-files-found: error', 'none.json', 'failure', 0],
    ['overwrite: true', '${{ runner.temp }}/plan.json', 'success', 1],
    ['overwrite: false', '${{ runner.temp }}/plan.json', 'failure', 1],
  ])('artefacts with %s of %s: %s', async (line, path, conclusion, count) => {
    const upload = [
      '- uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02',
      `  with: { name: plan, path: "${path}", ${line} }`,
    ];
    const { github, result, job } = await runJob(['- run: echo "{}" > "$RUNNER_TEMP/plan.json"', ...upload, ...upload]);
    expect(job.conclusion).toBe(conclusion);
    const artifacts = [...github.state.artifacts.values()];
    expect(artifacts).toHaveLength(count);
    for (const { zip, run, name } of artifacts) {
      expect([run.id, name, Object.keys(unzipSync(zip))]).toStrictEqual([result.run.id, 'plan', ['plan.json']]);
    }
  });

  it('one that it does not have fails the step', async () => {
    const { job } = await runJob(['- uses: evil/action@v1']);
    expect(job).toMatchObject({
      conclusion: 'failure',
      log: '::error::this runner does not have the action evil/action\n',
    });
  });

  it('a composite action sees its inputs, its path and its own steps', async () => {
    const action = `name: local
inputs: { who: { required: true }, greeting: { default: hello } }
outputs: { said: { value: "\${{ steps.say.outputs.said }}" } }
runs:
  using: composite
  steps:
    - id: say
      shell: bash
      env: { WHO: "\${{ inputs.who }}" }
      run: echo "said=\${{ inputs.greeting }} $WHO" >> "$GITHUB_OUTPUT"; basename "$GITHUB_ACTION_PATH"
`;
    const github = await open({
      'tool/action.yml': action,
      [PATH]: jobOf([
        '- uses: actions/checkout@v5',
        '- uses: ./tool',
        '  id: tool',
        '  with: { who: "${{ github.actor }}" }',
        '- run: echo "${{ steps.tool.outputs.said }}"',
      ]),
    });
    const { jobs } = await runWorkflow(github, push(github), PATH);
    expect(jobs['one']?.log).toContain('tool\nhello ann\n');
  });
});

describe('an environment', () => {
  const TEXT = jobOf(['- run: "true"'], ['environment: prod']).replace('on: push', 'on: [push, workflow_dispatch]');

  it.each([
    ['main', 'success'],
    ['other', 'failure'],
  ])('lets only its branches in: %s, %s', async (branch, conclusion) => {
    const github = await open({ [PATH]: TEXT });
    github.moveBranch('other', github.tip());
    github.state.settings.environments['prod'] = {
      protectionRules: [],
      branchPolicy: { protected_branches: false, custom_branch_policies: true },
      branches: [{ name: 'main', type: 'branch' }],
    };
    const result = await runWorkflow(github, workflowDispatch(github, branch), PATH);
    expect(result.conclusion).toBe(conclusion);
  });
});

describe('our workflows as they stand', () => {
  const files = Object.fromEntries(
    ['plan', 'apply', 'drift'].map((name) => {
      const path = `.github/workflows/${name}.yml`;
      return [path, readFileSync(join(ROOT, path), 'utf8')];
    }),
  );
  /** Says how it was called, and writes what it is asked to. */
  const PROGRAM = `import { writeFileSync } from 'node:fs';
const args = process.argv.slice(2);
console.log('CALLED ' + args.join(' ').replace(process.env.RUNNER_TEMP, 'TEMP'));
const out = args.indexOf('--out');
if (out !== -1) writeFileSync(args[out + 1], JSON.stringify({ region: process.env.AWS_REGION }));
`;

  function action(): string {
    const directory = mkdtempSync(join(tmpdir(), 'trueup-action-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    for (const name of ['bin', 'scripts']) mkdirSync(join(directory, name));
    cpSync(join(ROOT, 'action.yml'), join(directory, 'action.yml'));
    writeFileSync(join(directory, 'scripts/setup.mjs'), '');
    writeFileSync(join(directory, 'bin/trueup.mjs'), PROGRAM);
    return directory;
  }

  async function seen(make: (github: Github) => Parameters<typeof dispatch>[1]) {
    const github = await open(files, { private: true });
    const results = await dispatch(github, make(github), { actionDirectory: action() });
    return { github, results };
  }

  const calledIn = ({ jobs }: RunResult): Record<string, string | undefined> =>
    Object.fromEntries(Object.values(jobs).map((job) => [job.id, /CALLED (.*)/.exec(job.log)?.[1]]));

  it.each([
    [
      'a pull request of ours',
      (github: Github) => pullRequestTarget(github, github.openPull({ files: { a: '1' } }).number, 'opened'),
      { plan: 'plan --config config --head --comment --out TEMP/plan.json', offline: undefined },
      1,
    ],
    [
      'a fork',
      (github: Github) =>
        pullRequestTarget(github, github.openPull({ fork: 'eve', files: { a: '1' } }).number, 'opened'),
      { plan: undefined, offline: 'plan --config config --head --comment --offline' },
      0,
    ],
    [
      'a fork that a maintainer labels',
      (github: Github) =>
        pullRequestTarget(github, github.openPull({ fork: 'eve', files: { a: '1' } }).number, 'labeled', {
          label: 'trueup:plan',
        }),
      { plan: 'plan --config config --head --comment --out TEMP/plan.json', offline: undefined },
      1,
    ],
    ['a push', (github: Github) => push(github), { apply: 'apply --config config --reviewed' }, 1],
    ['the clock', (github: Github) => schedule(github), { drift: 'drift --config config --issue' }, 1],
  ] as const)('%s', async (_, make, called, sessions) => {
    const { results } = await seen(make);
    expect(results).toHaveLength(1);
    expect(calledIn(results[0]!)).toStrictEqual(called);
    expect(results[0]?.conclusion).toBe('success');
    expect(Object.values(results[0]!.jobs).flatMap((job) => job.sessions)).toHaveLength(sessions);
  });

  const TITLE = { title: { from: 'Chnage' } };
  const BASE = { base: { ref: { from: 'dev' }, sha: { from: '0'.repeat(40) } } };
  it.each([
    ['another title', undefined, TITLE, []],
    ['another base', undefined, BASE, ['plan']],
    ['another base and title', undefined, { ...TITLE, ...BASE }, ['plan']],
    ['another title of a fork', 'eve', TITLE, []],
    ['another base of a fork', 'eve', BASE, ['offline']],
  ] as const)('%s plans again only where the base is another', async (_, fork, changes, called) => {
    const { results } = await seen((github) => {
      github.moveBranch('dev', github.tip());
      const { number } = github.openPull({ ...(fork && { fork }), files: { a: '1' }, base: 'dev' });
      github.retarget(number, 'main');
      return pullRequestTarget(github, number, 'edited', { changes });
    });
    const ran = Object.values(results[0]!.jobs).filter(({ conclusion }) => conclusion !== 'skipped');
    expect(ran.map(({ id, conclusion }) => [id, conclusion])).toStrictEqual(called.map((id) => [id, 'success']));
    expect(results[0]!.event.payload).toMatchObject({ pull_request: { base: { ref: 'main' } } });
  });

  it.each([
    ['labelled', undefined, 'labeled', { label: 'trueup:plan' }],
    ['labelled, of a fork', 'eve', 'labeled', { label: 'trueup:plan' }],
    ['edited', undefined, 'edited', { changes: BASE }],
    ['edited, of a fork', 'eve', 'edited', { changes: BASE }],
  ] as const)('one that is merged is planned no more: %s', async (_, fork, what, options) => {
    const { results } = await seen((github) => {
      const { number } = github.openPull({ ...(fork && { fork }), files: { a: '1' } });
      github.merge(number);
      return pullRequestTarget(github, number, what, options);
    });
    expect(Object.values(results[0]!.jobs).map(({ id, conclusion }) => [id, conclusion])).toStrictEqual([
      ['plan', 'skipped'],
      ['offline', 'skipped'],
    ]);
  });

  it('the action of this checkout runs, with nothing to install', async () => {
    const uses = [
      '- uses: trueup-dev/trueup@0000000000000000000000000000000000000000',
      '  with: { command: x, token: y }',
    ];
    const { job } = await runJob(uses);
    expect(job.steps.map(({ name, exit }) => [name, exit])).toStrictEqual([
      ['Install', 0],
      ['Run', 64],
      ['trueup-dev/trueup@0000000000000000000000000000000000000000', undefined],
    ]);
    expect(job.log).toContain('command is plan, offline, apply or drift');
    expect(job.log).not.toContain('npm ci');
  });

  it.each([
    [0, 'success', '{"create":1}', 'f00d'],
    [4, 'failure', '{"create":1}', 'f00d'],
    [65, 'failure', '{}', ''],
  ])(
    'the action hands on what trueup says, also where that ends with %i',
    async (exitCode, conclusion, json, digest) => {
      const directory = action();
      const text = outputsText({ digest, changes: JSON.parse(json) as object, exitCode }, '0'.repeat(32));
      const program = `import { appendFileSync } from 'node:fs';
appendFileSync(process.env.GITHUB_OUTPUT, ${JSON.stringify(text)});
process.exit(${exitCode});
`;
      writeFileSync(join(directory, 'bin/trueup.mjs'), program);
      const steps = [
        '- uses: trueup-dev/trueup@0000000000000000000000000000000000000000',
        '  id: tool',
        '  with: { command: plan, token: x }',
        '- if: always()',
        '  env:',
        ...['digest', 'changes', 'exit-code'].map(
          (name) => `    ${name.replace('exit-', '').toUpperCase()}: "\${{ steps.tool.outputs.${name} }}"`,
        ),
        '  run: echo "digest=$DIGEST changes=$CHANGES code=$CODE"',
      ];
      const { job } = await runJob(steps, [], { actionDirectory: directory });
      expect(job.conclusion).toBe(conclusion);
      expect(job.log).toContain(`digest=${digest} changes=${json} code=${exitCode}\n`);
    },
  );

  it('the artefact of a plan is one of its run, and names pull request and head', async () => {
    const { github, results } = await seen((hub) =>
      pullRequestTarget(hub, hub.openPull({ files: { a: '1' } }).number, 'opened'),
    );
    const [{ number, pull }] = [github.pull(1)];
    const [artifact] = [...github.state.artifacts.values()];
    expect(artifact).toMatchObject({
      name: `trueup-plan-${number}-${pull.headSha}`,
      run: { id: results[0]?.run.id, event: 'pull_request_target', path: '.github/workflows/plan.yml' },
    });
    const plan = Buffer.from(unzipSync(artifact!.zip)['plan.json']!).toString();
    expect(plan).toBe('{"region":"eu-west-1"}');
  });

  it('nothing of a pull request runs before it is merged: neither its workflow nor its files', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'trueup-canary-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const canary = join(directory, 'canary');
    const path = '.github/workflows/plan.yml';
    const evil = files[path]!.replaceAll('    steps:\n', `    steps:\n      - run: touch ${canary}\n`);
    const github = await open(files);
    const { number } = github.openPull({ files: { [path]: evil, 'action.yml': 'x' } });
    const options = { actionDirectory: action() };
    const [before] = await dispatch(github, pullRequestTarget(github, number, 'opened'), options);
    expect([before?.conclusion, existsSync(canary)]).toStrictEqual(['success', false]);
    github.merge(number);
    const other = github.openPull({ files: { a: '1' } });
    await dispatch(github, pullRequestTarget(github, other.number, 'opened'), options);
    expect(existsSync(canary)).toBe(true);
  });
});
