import { fieldsOf, readWorkflow, textOf } from './workflow-file.ts';
import type { Job, Step, WorkflowFile } from './workflow-file.ts';

/** One of the rules of docs/github.md, "Hygiene", is broken. */
export interface Violation {
  readonly rule: RuleName;
  /** `jobs.plan.steps[2]`, or the field of the file. */
  readonly where: string;
  readonly why: string;
}

type Found = Omit<Violation, 'rule'>;
type Rule = (file: WorkflowFile) => readonly Found[];

const KNOWN_ACTIONS: ReadonlySet<string> = new Set([
  'actions/checkout',
  'actions/upload-artifact',
  'aws-actions/configure-aws-credentials',
  'trueup-dev/trueup',
]);
/** Events that nobody's words start. The comments of an issue, other workflows' ends and dispatches from outside do not. */
const KNOWN_EVENTS: ReadonlySet<string> = new Set([
  'merge_group',
  'pull_request',
  'pull_request_target',
  'push',
  'schedule',
  'workflow_dispatch',
]);
/** The longest that GitHub lets a job run, minutes. */
const LONGEST_JOB = 360;

const RULES = {
  permissions: (file) => [
    ...when(file.kind === 'workflow' && !isEmpty(file.fields['permissions']), 'permissions', 'is not {} on top'),
    ...file.jobs
      .filter(({ fields }) => typeof fields['permissions'] !== 'object' || fields['permissions'] === null)
      .map(({ where }) => ({ where, why: 'does not list the permissions of its token' })),
  ],

  'pinned-actions': (file) => [
    ...when(
      file.kind === 'action' && fieldsOf(file.fields['runs'])['using'] !== 'composite',
      'runs',
      'is no list of steps',
    ),
    ...usesOf(file).flatMap(({ where, uses }) => {
      const [action = '', version = ''] = uses.split('@');
      return [
        ...when(!KNOWN_ACTIONS.has(action), where, `${uses} is no action that trueup knows`),
        ...when(KNOWN_ACTIONS.has(action) && !/^[0-9a-f]{40}$/.test(version), where, `${uses} is not a commit`),
      ];
    }),
  ],

  'no-kept-credentials': (file) =>
    checkouts(file.steps)
      .filter((step) => step.with['persist-credentials'] !== false)
      .map(({ where }) => ({ where, why: 'the checkout leaves its token in .git/config' })),

  'no-cache': (file) =>
    file.steps.flatMap(({ where, with: inputs, uses = '' }) =>
      when(
        'cache' in inputs || inputs['package-manager-cache'] === true || /\bcache\b/i.test(uses),
        where,
        'restores what another run wrote',
      ),
    ),

  'no-expression-in-run': (file) =>
    file.steps.flatMap(({ where, fields }) =>
      ['run', 'shell', 'working-directory'].flatMap((field) =>
        when(textOf(fields, field).includes('${{'), where, `${field} holds an expression: pass it by env`),
      ),
    ),

  'no-install-script': (file) =>
    file.steps.flatMap(({ where, commands }) =>
      commands.filter(isInstall).map((command) => ({ where, why: `not npm ci --ignore-scripts: ${command}` })),
    ),

  triggers: ({ triggers }) => [
    ...Object.keys(triggers)
      .filter((event) => !KNOWN_EVENTS.has(event))
      .map((event) => ({ where: `on.${event}`, why: 'others than the maintainers and the clock start it' })),
    ...when(
      'push' in triggers && !('branches' in fieldsOf(triggers['push'])) && !('tags' in fieldsOf(triggers['push'])),
      'on.push',
      'names neither branches nor tags',
    ),
  ],

  'head-not-run': (file) => file.jobs.flatMap((job) => headIsRun(file, job)),

  'short-lived-credentials': (file) => [
    ...file.jobs
      .filter((job) => accessTo(job, 'id-token') && !('environment' in job.fields))
      .map(({ where }) => ({ where, why: 'takes an identity without an environment' })),
    ...when(
      /\bsecrets\b\s*[.[]|"secrets":|AWS_SECRET_ACCESS_KEY/.test(JSON.stringify(file.fields)),
      'secrets',
      'uses a stored secret',
    ),
  ],

  exec: (file) => file.steps.flatMap((step) => notExecuted(step)),

  'no-cancel': (file) =>
    file.jobs.filter(isPowerful).flatMap(({ where, fields }) => {
      const groups = [fields['concurrency'], file.fields['concurrency']].filter((group) => group !== undefined);
      const isQueued = groups.length > 0 && groups.every((group) => fieldsOf(group)['cancel-in-progress'] === false);
      return when(!isQueued, where, 'may be cancelled by a later run, or runs beside it');
    }),

  runner: (file) =>
    file.jobs.flatMap(({ where, fields }) => {
      const minutes = fields['timeout-minutes'];
      const isBounded = Number.isInteger(minutes) && Number(minutes) > 0 && Number(minutes) < LONGEST_JOB;
      return [
        ...when(!/^ubuntu-\d\d\.\d\d$/.test(textOf(fields, 'runs-on')), where, 'no hosted image of a named version'),
        ...when('container' in fields || 'services' in fields, where, 'runs an image of its own'),
        ...when(!isBounded, where, 'has no timeout-minutes'),
      ];
    }),
} satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof RULES;
export const RULE_NAMES = Object.keys(RULES) as readonly RuleName[];

/** What a workflow or an `action.yml` breaks of the twelve rules; of YAML that does not parse, an exception. Pure. */
export function workflowViolations(text: string): readonly Violation[] {
  const file = readWorkflow(text);
  return RULE_NAMES.flatMap((rule) => (RULES[rule] as Rule)(file).map((found) => ({ rule, ...found })));
}

function when(isBroken: boolean, where: string, why: string): readonly Found[] {
  return isBroken ? [{ where, why }] : [];
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Of steps, and of jobs that are another workflow's. */
function usesOf(file: WorkflowFile): readonly { readonly where: string; readonly uses: string }[] {
  const places = [...file.jobs, ...file.steps].filter(({ fields }) => 'uses' in fields);
  return places.map(({ where, fields }) => ({ where, uses: textOf(fields, 'uses') }));
}

function checkouts(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
}

function accessTo({ permissions }: Job, scope: string): boolean {
  return permissions === 'write-all' || fieldsOf(permissions)[scope] === 'write';
}

/** Its token writes, or it may take an identity. */
function isPowerful({ permissions }: Job): boolean {
  return permissions === 'write-all' || Object.values(fieldsOf(permissions)).includes('write');
}

const INSTALLERS = /(?:^|[\s;&|(])(?:npx|yarn|pnpm|bunx?|corepack|pipx?3?|gem|cargo|brew|curl|wget)\s/;
const NPM_INSTALLS = /\bnpm\s+(?:-\S+\s+)*(?:install|i|add|update|up|upgrade|exec|x|create|init|rebuild|link)(?![-\w])/;
const NPM_CI = /\bnpm\s+(?:-\S+\s+)*(?:ci|clean-install)(?![-\w])/;

function isInstall(command: string): boolean {
  if (INSTALLERS.test(command) || NPM_INSTALLS.test(command)) return true;
  return NPM_CI.test(command) && !/\s--ignore-scripts(?:\s|$)/.test(command);
}

const FETCHES =
  /refs\/pull|\bgh\s+pr\s+checkout\b|\bgit\s+(?:fetch|pull|checkout|switch|clone|worktree|merge|cherry-pick|am|apply)(?![-\w])/;

/** Nothing of a pull request is run beside a token that can do more than read. */
function headIsRun({ triggers }: WorkflowFile, job: Job): readonly Found[] {
  const runsTheHead = 'pull_request' in triggers || 'merge_group' in triggers;
  const fetchesTheHead = job.steps.some(
    (step) =>
      step.commands.some((command) => FETCHES.test(command)) ||
      /\$\{\{|refs\/pull/.test(textOf(step.with, 'ref') + textOf(step.with, 'repository')),
  );
  return [
    ...when(runsTheHead && isPowerful(job), job.where, 'runs what a pull request brings, with a token that writes'),
    ...when(
      fetchesTheHead && (isPowerful(job) || 'pull_request_target' in triggers),
      job.where,
      'fetches what it is not given, beside a token',
    ),
  ];
}

const NAMES_TRUEUP = /bin\/trueup|(?:^|[\s;)])trueup\s+[a-z]/;
const STARTS = /(?:^|[\s;)])(?:node|trueup)\s/;
const EXECUTES = /(?:^|[\s;)])exec\s+(?:node|trueup)\s[^|&]*$/;

/** A cancelled job tells the step's shell only, so the program has to stand in its place. */
function notExecuted({ where, commands }: Step): readonly Found[] {
  if (!commands.some((command) => NAMES_TRUEUP.test(command))) return [];
  const started = commands.filter((command) => STARTS.test(command) && !/^echo\s/.test(command));
  const last = commands.findLastIndex((command) => EXECUTES.test(command));
  const after = commands.slice(last + 1).filter((command) => !/^(?:esac|fi|\*\).*;;)$/.test(command));
  return [
    ...started
      .filter((command) => !EXECUTES.test(command))
      .map((command) => ({ where, why: `is not executed in the shell's place: ${command}` })),
    ...when(last < 0 && started.length === 0, where, 'does not run the program by exec node'),
    ...when(last >= 0 && after.length > 0, where, `goes on after the program: ${after.join('; ')}`),
  ];
}
