import type { GithubEvent } from '../github/events.ts';
import type { Trigger, Workflow } from './workflow.ts';

/** Activity types of a pull request that start a workflow where it names none. */
const DEFAULT_TYPES = ['opened', 'synchronize', 'reopened'];

/** Does the event start the workflow? */
export function isTriggered({ on }: Workflow, event: GithubEvent): boolean {
  if (typeof on === 'string') return on === event.name && hasType({}, event);
  if (isList(on)) return on.includes(event.name) && hasType({}, event);
  if (!Object.hasOwn(on, event.name)) return false;
  const trigger = on[event.name] ?? {};
  return [trigger].flat().some((one) => hasType(one, event) && isOnBranch(one, event));
}

function isList(on: Workflow['on']): on is readonly string[] {
  return Array.isArray(on);
}

function hasType({ types }: Trigger, { action }: GithubEvent): boolean {
  return action === undefined || [types ?? DEFAULT_TYPES].flat().includes(action);
}

/** Of a pull request the branch is that of its base. */
function isOnBranch({ branches }: Trigger, { ref, pull }: GithubEvent): boolean {
  if (!branches) return true;
  const branch = pull ? pull.pull.baseBranch : /^refs\/heads\/(.*)$/.exec(ref)?.[1];
  return branch !== undefined && branches.some((pattern) => matches(pattern, branch));
}

/** `*` is any text without a slash, `**` any text. */
export function matches(pattern: string, name: string): boolean {
  const source = pattern
    .split(/(\*+)/)
    .map((part) =>
      part === '*' ? '[^/]*' : part.startsWith('**') ? '.*' : part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}$`).test(name);
}
