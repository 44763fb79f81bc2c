import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { defaultVariables } from '../github/environment.ts';
import { awsCredentials } from './actions/aws-credentials.ts';
import { checkout } from './actions/checkout.ts';
import { uploadArtifact } from './actions/upload-artifact.ts';
import { readCommandFile } from './command-files.ts';
import { holds, interpolate } from './expressions/index.ts';
import { scopeOf } from './scene.ts';
import type { PlayedAction, Scene, StepResult } from './scene.ts';
import { runScript } from './script.ts';
import { readCompositeAction } from './workflow.ts';
import type { Step, Texts } from './workflow.ts';

const PLAYED: ReadonlyMap<string, PlayedAction> = new Map<string, PlayedAction>([
  ['actions/checkout', checkout],
  ['actions/upload-artifact', uploadArtifact],
  ['aws-actions/configure-aws-credentials', awsCredentials],
]);
/** The name under which workflows call the action of this repository. */
const OURS = 'trueup-dev/trueup';

/** What steps of a composite action see beside what all see. */
interface Surroundings {
  /** `inputs`, `github.action_path`; empty in a job. */
  readonly own: Readonly<Record<string, unknown>>;
  readonly actionPath: string | undefined;
  /** Environment of the step that uses the action. */
  readonly env: Readonly<Record<string, string>>;
}

interface Acted {
  readonly exit?: number | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary?: string;
  readonly isGood: boolean;
}

/** Runs steps one after the other; sets the scene's status, and hands back the results by id. */
export async function runSteps(
  scene: Scene,
  steps: readonly Step[],
  around: Surroundings = { own: {}, actionPath: undefined, env: {} },
): Promise<Readonly<Record<string, StepResult>>> {
  const byId: Record<string, StepResult> = {};
  for (const step of steps) {
    const own = { ...around.own, steps: stepsContext(byId) };
    const result = await runStep(scene, step, { ...around, own });
    if (step.id !== undefined) byId[step.id] = result;
    if (scene.cancel?.aborted) scene.status = 'cancelled';
    else if (result.outcome === 'failure' && !step['continue-on-error']) scene.status = 'failure';
  }
  return byId;
}

function stepsContext(byId: Readonly<Record<string, StepResult>>): object {
  const entries = Object.entries(byId).map(([id, { outcome, outputs }]) => [id, { outcome, outputs }] as const);
  return Object.fromEntries(entries);
}

async function runStep(scene: Scene, step: Step, around: Surroundings): Promise<StepResult> {
  const name = step.name ?? step.uses ?? step.run!.split('\n')[0]!;
  const base = { name, id: step.id };
  const unfinished = { ...base, outcome: 'skipped', exit: undefined, log: '', outputs: {}, summary: '' } as const;
  scene.log = '';
  try {
    const scope = scopeOf(scene, around.own);
    if (!holds(step.if, scope)) return record(scene, unfinished);
    const env = { ...around.env, ...textsOf(step.env ?? {}, (text) => interpolate(text, scope)) };
    const withEnv = {
      ...around,
      env,
      own: { ...around.own, env: { ...scene.env, ...Object.fromEntries(scene.variables), ...env } },
    };
    const {
      isGood,
      exit,
      outputs,
      summary = '',
    } = step.run === undefined ? await use(scene, step, withEnv) : await runShell(scene, step, withEnv);
    const outcome = isGood ? 'success' : scene.cancel?.aborted ? 'cancelled' : 'failure';
    return record(scene, { ...base, outcome, exit, log: scene.log, outputs, summary });
  } catch (error) {
    const log = `${scene.log}::error::${error instanceof Error ? error.message : String(error)}\n`;
    return record(scene, { ...unfinished, outcome: 'failure', log });
  }
}

function record(scene: Scene, result: StepResult): StepResult {
  scene.steps.push(result);
  return result;
}

async function runShell(scene: Scene, step: Step, around: Surroundings): Promise<Acted> {
  const { files, cancel } = scene;
  const scope = scopeOf(scene, around.own);
  const commands = join(files.temp, '_runner_file_commands', `step-${scene.steps.length + 1}`);
  const own = {
    ...files,
    summary: join(commands, 'summary.md'),
    output: join(commands, 'output'),
    environment: join(commands, 'env'),
    path: join(commands, 'path'),
  };
  mkdirSync(commands, { recursive: true });
  for (const file of [own.summary, own.output, own.environment, own.path]) writeFileSync(file, '');
  const directory = resolve(files.workspace, interpolate(step['working-directory'] ?? '.', scope));
  const environment = {
    ...scene.extra,
    ...scene.env,
    ...Object.fromEntries(scene.variables),
    ...around.env,
    ...defaultVariables(scene.github, scene.event, own, scene.run),
    ...identityVariables(scene),
    GITHUB_JOB: scene.jobId,
    GITHUB_WORKFLOW: scene.workflow.name ?? scene.run.path,
    ...(around.actionPath !== undefined && { GITHUB_ACTION_PATH: around.actionPath }),
    HOME: join(scene.directory, 'home'),
    LANG: 'C.UTF-8',
    PATH: [...scene.searchPath, dirname(process.execPath), process.env['PATH']].join(':'),
  };
  const text = interpolate(step.run!, scope);
  const { exit, log } = await runScript({ text, shell: step.shell, directory, environment, temp: files.temp, cancel });
  scene.log += log;
  for (const [key, value] of Object.entries(readCommandFile(readFileSync(own.environment, 'utf8')))) {
    scene.variables.set(key, value);
  }
  scene.searchPath.unshift(...readFileSync(own.path, 'utf8').split('\n').filter(Boolean).reverse());
  if (exit !== 0) scene.log += `::error::Process completed with exit code ${exit ?? 'of a signal'}.\n`;
  const outputs = readCommandFile(readFileSync(own.output, 'utf8'));
  return { exit, outputs, summary: readFileSync(own.summary, 'utf8'), isGood: exit === 0 };
}

/** Where a step gets the token of its identity: only with `id-token: write`. */
function identityVariables({ permissions, github }: Scene): Readonly<Record<string, string>> {
  if (permissions['id-token'] !== 'write') return {};
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${github.url}/identity?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'asks-for-an-identity',
  };
}

async function use(scene: Scene, step: Step, around: Surroundings): Promise<Acted> {
  const scope = scopeOf(scene, around.own);
  const inputs = textsOf(step.with ?? {}, (text) => interpolate(text, scope));
  const [name = ''] = step.uses!.split('@');
  const played = scene.actions.get(name) ?? PLAYED.get(name);
  if (played) return { outputs: await played(scene, inputs), isGood: true };
  const directory =
    name === OURS ? scene.actionDirectory : name.startsWith('./') ? join(scene.files.workspace, name) : '';
  if (directory === '') throw new Error(`this runner does not have the action ${name}`);
  return await useComposite(scene, directory, inputs, around.env);
}

async function useComposite(
  scene: Scene,
  directory: string,
  given: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<Acted> {
  const action = readCompositeAction(readFileSync(join(directory, 'action.yml'), 'utf8'));
  const known = Object.entries(action.inputs ?? {});
  const unknown = Object.keys(given).find((name) => !known.some(([one]) => one === name));
  if (unknown !== undefined) throw new Error(`${action.name} has no input ${unknown}`);
  const inputs = Object.fromEntries(known.map(([name, input]) => [name, given[name] ?? String(input.default ?? '')]));
  const before = scene.status;
  // Inside, a condition asks how the steps of the action went.
  scene.status = 'success';
  const own = { inputs };
  const results = await runSteps(scene, action.runs.steps, { own, actionPath: directory, env });
  const isGood = (scene.status as Scene['status']) === 'success';
  scene.status = before;
  scene.log = '';
  const scope = scopeOf(scene, { ...own, steps: stepsContext(results) });
  const outputs = Object.entries(action.outputs ?? {}).map(
    ([name, { value }]) => [name, interpolate(value, scope)] as const,
  );
  return { outputs: Object.fromEntries(outputs), isGood };
}

export function textsOf(texts: Texts, change: (text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, change(String(value))]));
}
