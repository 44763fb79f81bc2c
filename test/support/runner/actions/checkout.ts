import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Scene } from '../scene.ts';
import { inputsOf } from './inputs.ts';

const INPUTS = { ref: '', path: '.', 'fetch-depth': '1', 'persist-credentials': 'true', token: '', clean: 'true' };

/**
 * actions/checkout v5: `git init`, a fetch of one commit or of everything, a checkout. Unless told otherwise it leaves
 * the token in the configuration of the clone. The remote is not within reach afterwards.
 */
export function checkout(scene: Scene, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const inputs = inputsOf('actions/checkout', INPUTS, given);
  const { github, event, files } = scene;
  const directory = join(files.workspace, inputs.path);
  mkdirSync(directory, { recursive: true });
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
  const git = (...args: readonly string[]): string => {
    const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
    return execFileSync('git', args, { cwd: directory, env, encoding: 'utf8', stdio: 'pipe' }).trim();
  };
  const { sha, branch } = targetOf(scene, inputs.ref);
  const remote = `https://github.com/${github.repository}`;
  const isWhole = inputs['fetch-depth'] === '0';
  const specs = isWhole
    ? ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*', sha]
    : [branch === undefined ? `+${sha}` : `+${sha}:refs/remotes/origin/${branch}`];
  const depth = isWhole ? [] : [`--depth=${inputs['fetch-depth']}`];
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', `file://${github.git.directory}`);
  git('config', 'gc.auto', '0');
  git('fetch', '--quiet', '--no-tags', '--prune', ...depth, 'origin', ...specs);
  if (branch === undefined) git('checkout', '--quiet', '--force', '--detach', sha);
  else git('checkout', '--quiet', '--force', '-B', branch, isWhole ? sha : `refs/remotes/origin/${branch}`);
  git('remote', 'set-url', 'origin', remote);
  if (inputs['persist-credentials'] !== 'false') {
    const secret = Buffer.from(`x-access-token:${inputs.token || scene.token}`).toString('base64');
    git('config', 'http.https://github.com/.extraheader', `AUTHORIZATION: basic ${secret}`);
  }
  scene.log += `checked out ${sha} of ${event.name}\n`;
  return { ref: branch === undefined ? sha : `refs/heads/${branch}`, commit: sha };
}

/** Without `ref` it is the commit of the event; a branch is what it is now. @throws Error */
function targetOf(
  { github, event }: Scene,
  ref: string,
): { readonly sha: string; readonly branch: string | undefined } {
  if (ref === '') return { sha: event.sha, branch: /^refs\/heads\/(.*)$/.exec(event.ref)?.[1] };
  const name = ref.replace(/^refs\/heads\//, '');
  const tip = github.git.resolve(`refs/heads/${name}`);
  if (tip !== undefined) return { sha: tip, branch: name };
  const sha = github.git.resolve(ref);
  if (sha === undefined) throw new Error(`A branch or tag with the name '${ref}' could not be found`);
  return { sha, branch: undefined };
}
