import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RULE_NAMES, workflowViolations } from '../support/workflow-rules.ts';
import type { RuleName } from '../support/workflow-rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const WORKFLOWS = '.github/workflows';
const SHIPPED = [...readdirSync(join(root, WORKFLOWS)).map((name) => `${WORKFLOWS}/${name}`), 'action.yml'];

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Keeps every rule. */
const WORKFLOW = `
on:
  push:
    branches: [main]
permissions: {}
concurrency:
  group: one
  cancel-in-progress: false
jobs:
  plan:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    environment: trueup-plan
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
        with:
          persist-credentials: false
      - run: npm ci --ignore-scripts
      - run: echo done
`;

/** As far as an action can keep them. */
const ACTION = `
runs:
  using: composite
  steps:
    - shell: bash
      run: node scripts/setup.mjs
    - shell: bash
      env:
        COMMAND: \${{ inputs.command }}
      run: |
        # The program takes the place of the shell.
        program=bin/trueup.mjs
        case "$COMMAND" in
          plan) exec node "$program" plan ;;
          *) echo "plan" >&2; exit 64 ;;
        esac
`;

/** What takes the place of a text, and so breaks one rule: base, the text, what takes its place. */
type Break = readonly [base: string, text: string, other: string];

const SHA = '08c6903cd8c0fde910a37f88322edcfb5dd907a8';
const STEP = '- run: echo done';
const PROGRAM = 'exec node "$program" plan ;;';

const BROKEN: Readonly<Record<RuleName, readonly Break[]>> = {
  permissions: [
    [WORKFLOW, 'permissions: {}\n', ''],
    [WORKFLOW, 'permissions: {}\n', 'permissions:\n  contents: read\n'],
    [WORKFLOW, 'permissions: {}\n', 'permissions: read-all\n'],
    [WORKFLOW, '    permissions:\n      contents: read\n      id-token: write\n', ''],
    [WORKFLOW, '    permissions:\n      contents: read\n      id-token: write\n', '    permissions: write-all\n'],
  ],
  'pinned-actions': [
    [WORKFLOW, SHA, 'v5.0.0'],
    [WORKFLOW, SHA, SHA.slice(0, 39)],
    [WORKFLOW, STEP, '- uses: ./action'],
    [WORKFLOW, STEP, `- uses: somebody/else@${SHA}`],
    [WORKFLOW, STEP, '- uses: docker://alpine'],
    [
      ACTION,
      '- shell: bash\n      run: node',
      '- uses: actions/upload-artifact@v4\n    - shell: bash\n      run: node',
    ],
    [ACTION, 'using: composite', 'using: node24'],
    [WORKFLOW, '    steps:', '    uses: o/r/.github/workflows/w.yml@main\n    steps:'],
  ],
  'no-kept-credentials': [
    [WORKFLOW, 'persist-credentials: false', 'persist-credentials: true'],
    [WORKFLOW, '        with:\n          persist-credentials: false\n', ''],
  ],
  'no-cache': [[WORKFLOW, 'persist-credentials: false', 'persist-credentials: false\n          cache: npm']],
  'no-expression-in-run': [
    [WORKFLOW, 'echo done', 'echo "${{ github.event.pull_request.title }}"'],
    [WORKFLOW, 'echo done', 'echo "${{ github.head_ref }}"'],
    [WORKFLOW, STEP, '- run: echo done\n        working-directory: ${{ github.head_ref }}'],
    [ACTION, 'node scripts/setup.mjs', 'node scripts/setup.mjs "${{ inputs.command }}"'],
  ],
  'no-install-script': [
    [WORKFLOW, 'npm ci --ignore-scripts', 'npm ci'],
    [WORKFLOW, 'npm ci --ignore-scripts', 'npm install --ignore-scripts'],
    [WORKFLOW, 'npm ci --ignore-scripts', 'cd tool && npm --silent i --ignore-scripts'],
    [WORKFLOW, 'npm ci --ignore-scripts', 'npx trueup-plan'],
    [WORKFLOW, 'npm ci --ignore-scripts', 'curl https://example.com | sh'],
    [ACTION, 'node scripts/setup.mjs', 'npm ci --ignore-scripts=false'],
  ],
  triggers: [
    ...['issue_comment', 'workflow_run', 'repository_dispatch', 'workflow_call'].map((event): Break => [
      WORKFLOW,
      'on:\n',
      `on:\n  ${event}:\n`,
    ]),
    [WORKFLOW, 'on:\n  push:\n    branches: [main]\n', 'on: [push]\n'],
    [WORKFLOW, 'on:\n  push:\n    branches: [main]\n', 'on: issue_comment\n'],
  ],
  'head-not-run': [
    [WORKFLOW, 'persist', 'ref: ${{ github.event.pull_request.head.sha }}\n          persist'],
    [WORKFLOW, 'persist', 'ref: refs/pull/1/merge\n          persist'],
    [WORKFLOW, 'persist', 'repository: ${{ github.event.pull_request.head.repo.full_name }}\n          persist'],
    [WORKFLOW, 'echo done', 'gh pr checkout 1'],
    [WORKFLOW, 'echo done', 'git fetch origin pull/1/head'],
    [WORKFLOW, '  push:\n    branches: [main]\n', '  pull_request:\n'],
    [
      WORKFLOW.replace('      id-token: write\n', '').replace(
        '  push:\n    branches: [main]',
        '  pull_request_target:',
      ),
      'echo done',
      'git checkout FETCH_HEAD',
    ],
  ],
  'short-lived-credentials': [
    [WORKFLOW, '    environment: trueup-plan\n', ''],
    [WORKFLOW, STEP, '- run: echo done\n        env:\n          TOKEN: ${{ secrets.NPM_TOKEN }}'],
    [WORKFLOW, STEP, '- run: echo done\n        env:\n          TOKEN: ${{ secrets["NPM_TOKEN"] }}'],
    [WORKFLOW, '    steps:', '    secrets: inherit\n    steps:'],
  ],
  exec: [
    [ACTION, PROGRAM, 'node "$program" plan ;;'],
    [ACTION, PROGRAM, 'exec node "$program" plan | tee log ;;'],
    [ACTION, PROGRAM, 'exec node "$program" plan & ;;'],
    [ACTION, 'esac\n', 'esac\n        echo done\n'],
    [WORKFLOW, 'echo done', 'trueup plan'],
    [WORKFLOW, 'echo done', './node_modules/.bin/trueup plan'],
  ],
  'no-cancel': [
    [WORKFLOW, 'cancel-in-progress: false', 'cancel-in-progress: true'],
    [WORKFLOW, 'cancel-in-progress: false', 'cancel-in-progress: ${{ github.ref != 1 }}'],
    [WORKFLOW, 'concurrency:\n  group: one\n  cancel-in-progress: false\n', ''],
    [WORKFLOW, 'concurrency:\n  group: one\n  cancel-in-progress: false\n', 'concurrency: one\n'],
    [WORKFLOW, '    steps:', '    concurrency:\n      group: two\n      cancel-in-progress: true\n    steps:'],
  ],
  runner: [
    [WORKFLOW, 'ubuntu-24.04', 'ubuntu-latest'],
    [WORKFLOW, 'ubuntu-24.04', 'self-hosted'],
    [WORKFLOW, 'ubuntu-24.04', '[self-hosted, ubuntu-24.04]'],
    [WORKFLOW, '    timeout-minutes: 10\n', ''],
    [WORKFLOW, 'timeout-minutes: 10', 'timeout-minutes: 360'],
    [WORKFLOW, '    steps:', '    container: node\n    steps:'],
  ],
};

/** Rules that a threat of its own is held by. */
const THREATS: Partial<Record<RuleName, string>> = { 'head-not-run': 'T40', triggers: 'T51', exec: 'T53' };

describe('T40 T50 T51 T53 the hygiene of workflows', () => {
  it.each(SHIPPED)('%s keeps all rules', (path) => {
    expect(workflowViolations(read(path))).toEqual([]);
  });

  it('docs/github.md shows workflows that keep all rules', () => {
    const shown = [...read('docs/github.md').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.flatMap(workflowViolations)).toEqual([]);
  });

  it('is twelve rules, and the table of docs/github.md has each', () => {
    const [, section = ''] = read('docs/github.md').split('\n## Hygiene\n');
    const listed = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
    expect(RULE_NAMES).toHaveLength(12);
    expect(listed).toEqual(RULE_NAMES);
  });

  it('is kept by what the fixtures are made of', () => {
    expect([workflowViolations(WORKFLOW), workflowViolations(ACTION)]).toEqual([[], []]);
  });

  const fixtures = RULE_NAMES.flatMap((rule) =>
    BROKEN[rule].map(([base, text, other]) => ({ threat: THREATS[rule] ?? 'T50', rule, base, text, other })),
  );

  it.each(fixtures)(
    '$threat: $rule is broken, and no other, by $other instead of $text',
    ({ rule, base, text, other }) => {
      expect(base.split(text)).toHaveLength(2);
      const rules = workflowViolations(base.replace(text, () => other)).map((violation) => violation.rule);
      expect([...new Set(rules)]).toEqual([rule]);
    },
  );
});

describe('T133 what is named by version', () => {
  const pins = SHIPPED.flatMap((path) =>
    [...read(path).matchAll(/uses: (\S+)@(\S+)(?: # (\S+))?$/gm)].map(([, action = '', commit = '', version]) => ({
      place: `${path}: ${action}`,
      action,
      pin: `${commit} ${version}`,
    })),
  );

  it('says of each commit which version it is; trueup itself gets its commit from init', () => {
    const others = pins.filter(({ action }) => action !== 'trueup-dev/trueup');
    expect(others.length).toBeGreaterThan(8);
    expect(others.filter(({ pin }) => !/^[0-9a-f]{40} v\d+\.\d+\.\d+$/.test(pin))).toEqual([]);
  });

  it('is the same commit in every file', () => {
    const commits = new Map<string, Set<string>>();
    for (const { action, pin } of pins) commits.set(action, (commits.get(action) ?? new Set()).add(pin));
    expect([...commits].filter(([, used]) => used.size > 1)).toEqual([]);
  });

  it.each(SHIPPED)('is never the latest: %s', (path) => {
    expect(read(path)).not.toMatch(/\blatest\b/);
  });
});
