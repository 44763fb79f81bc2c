import { bindGuards } from '../../engine/guards.ts';
import type { Plan } from '../../engine/types.ts';
import type { Github } from '../../github/client.ts';
import { redactData, redactPlan } from '../../report/redact.ts';
import type { Project } from '../project.ts';

/** How what anybody can read shows accounts, addresses and people (threats T52). */
export interface Redaction {
  /** A plan with a digest of its own: overrides name that one. */
  plan(plan: Plan): Plan;
  data<Data>(data: Data): Data;
}

/**
 * The same for one owner in one repository, so that a plan that was reviewed can be held against one made later. It hides
 * from readers, and not from whoever tries all addresses there are: what must stay secret has no place in a public
 * repository.
 */
export function redactionOf({ settings, accounts }: Project, repository: string, now: () => number): Redaction {
  const ids = Object.fromEntries([...accounts.values()].map(({ alias, id }) => [alias, id]));
  const salt = saltOf(settings.owner, repository);
  return {
    plan(plan) {
      const redacted = redactPlan(plan, ids, salt);
      return { ...redacted, guards: bindGuards(redacted.guards, redacted.digest, settings.overrides, now()) };
    },
    data: (data) => redactData(data, ids, salt),
  };
}

/**
 * How a repository shows them: as they are only where GitHub says that it is private.
 * @throws GithubError where GitHub does not say anything
 */
export async function redactionIn(github: Github, project: Project, now: () => number): Promise<Redaction> {
  const { id, private: isPrivate } = await github.get<{ readonly id: number; readonly private?: boolean }>('');
  return isPrivate === true ? PRIVATE : redactionOf(project, String(id), now);
}

/** What is said where no configuration is valid that could name accounts. */
export function redactUnknown<Data>(data: Data, repository: string): Data {
  return redactData(data, {}, saltOf('', repository));
}

function saltOf(owner: string, repository: string): string {
  return `trueup ${owner} ${repository}`;
}

/** Everything as it is: only people who may read the repository read it. */
export const PRIVATE: Redaction = { plan: (plan) => plan, data: (data) => data };
