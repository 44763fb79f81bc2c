import type { AwsSession, Scene } from '../scene.ts';
import { inputsOf } from './inputs.ts';

const INPUTS = {
  'role-to-assume': undefined,
  'aws-region': undefined,
  'role-session-name': 'GitHubActions',
  'role-duration-seconds': '3600',
  'allowed-account-ids': '',
  'mask-aws-account-id': 'false',
  audience: 'sts.amazonaws.com',
};

/**
 * aws-actions/configure-aws-credentials v5 by OIDC: only with `id-token: write`. The keys are made up; later steps have
 * them in their environment.
 */
export function awsCredentials(
  scene: Scene,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const inputs = inputsOf('aws-actions/configure-aws-credentials', INPUTS, given);
  if (scene.permissions['id-token'] !== 'write') {
    throw new Error('Credentials could not be loaded, please check your action inputs: the job has no id-token: write');
  }
  const session: AwsSession = {
    role: inputs['role-to-assume'],
    session: inputs['role-session-name'],
    region: inputs['aws-region'],
    claims: claimsOf(scene, inputs.audience),
  };
  const more = scene.assumeRole?.(session) ?? {};
  scene.sessions.push(session);
  const variables = {
    AWS_DEFAULT_REGION: session.region,
    AWS_REGION: session.region,
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLEOFARUNNER',
    AWS_SECRET_ACCESS_KEY: `secret of ${session.session}`,
    AWS_SESSION_TOKEN: `session of ${session.session}`,
    ...more,
  };
  for (const [name, value] of Object.entries(variables)) scene.variables.set(name, value);
  return { 'aws-account-id': /^arn:aws:iam::(\d{12}):/.exec(session.role)?.[1] ?? '' };
}

/** Those of GitHub's token that a trust policy can ask for. */
function claimsOf({ github, event, run, environmentName }: Scene, audience: string): Readonly<Record<string, string>> {
  const { state, repository } = github;
  const { login, id } = state.owner;
  const subject = state.settings.oidcSubject === 'ids' ? `${login}@${id}/${state.name}@${state.id}` : repository;
  const context =
    environmentName === undefined
      ? event.name === 'pull_request'
        ? 'pull_request'
        : `ref:${event.ref}`
      : `environment:${environmentName}`;
  return {
    iss: 'https://token.actions.githubusercontent.com',
    aud: audience,
    sub: `repo:${subject}:${context}`,
    repository,
    repository_id: String(state.id),
    repository_owner: login,
    repository_owner_id: String(id),
    repository_visibility: state.settings.private ? 'private' : 'public',
    ref: event.ref,
    sha: event.sha,
    event_name: event.name,
    actor: event.actor.login,
    actor_id: String(event.actor.id),
    run_id: String(run.id),
    run_attempt: String(run.attempt),
    workflow_ref: `${repository}/${run.path}@${event.ref}`,
    job_workflow_ref: `${repository}/${run.path}@${event.ref}`,
    ...(environmentName !== undefined && { environment: environmentName }),
  };
}
