import { statementsOf } from './policy-document.ts';
import type { Selection } from './policy-document.ts';

/** What a change of a policy document means, a line for each action and resource (or principal). */
export interface PermissionChanges {
  readonly gains: readonly string[];
  readonly losses: readonly string[];
}

/** One action on one resource, or by one principal. */
interface Grant {
  readonly action: string;
  readonly on: string;
  readonly by: string;
  readonly condition: string;
}

/**
 * What is allowed after and was not before, and the other way round; a wildcard covers what it matches. A deny that
 * goes is a gain, a deny that comes is a loss. Undefined: no document.
 */
export function permissionChanges(before: unknown, after: unknown): PermissionChanges {
  const [old, now] = [grantsOf(before), grantsOf(after)];
  return {
    gains: [
      ...missingFrom(old.Allow, now.Allow),
      ...missingFrom(now.Deny, old.Deny).map((line) => `no longer denied: ${line}`),
    ],
    losses: [...missingFrom(now.Allow, old.Allow), ...missingFrom(old.Deny, now.Deny).map((line) => `denied: ${line}`)],
  };
}

/** Lines for the grants that nothing in `there` covers. */
function missingFrom(there: readonly Grant[], grants: readonly Grant[]): readonly string[] {
  const fresh = grants.filter((grant) => !there.some((wide) => covers(wide, grant)));
  return [...new Set(fresh.map(lineOf))].sort();
}

function grantsOf(document: unknown): { readonly Allow: readonly Grant[]; readonly Deny: readonly Grant[] } {
  const statements = statementsOf(document);
  const ofEffect = (wanted: string): readonly Grant[] =>
    statements
      .filter(({ effect }) => effect === wanted)
      .flatMap(({ actions, resources, principals, conditions }) =>
        textsOf(actions).flatMap((action) =>
          textsOf(resources).flatMap((on) =>
            textsOf(principals).map((by) => ({ action, on, by, condition: conditions.join(' and ') })),
          ),
        ),
      );
  return { Allow: ofEffect('Allow'), Deny: ofEffect('Deny') };
}

const EXCEPT = 'everything but ';

/** What is excepted cannot be taken apart: it is one line, and only the same line covers it. */
function textsOf(selection: Selection | undefined): readonly string[] {
  if (selection === undefined) return [''];
  return selection.except ? [EXCEPT + selection.items.join(', ')] : selection.items;
}

function lineOf({ action, on, by, condition }: Grant): string {
  return [action, on && `on ${on}`, by && `by ${by}`, condition && `if ${condition}`].filter(Boolean).join(' ');
}

function covers(wide: Grant, narrow: Grant): boolean {
  const isAsFree = wide.condition === '' || wide.condition === narrow.condition;
  return (
    isAsFree &&
    matches(wide.action.toLowerCase(), narrow.action.toLowerCase()) &&
    matches(wide.on, narrow.on) &&
    (wide.by === '*' || wide.by === narrow.by)
  );
}

/** Does a glob match all that another text, itself perhaps a glob, stands for? Time is pattern × text. */
function matches(pattern: string, text: string): boolean {
  if (pattern === text || pattern === '*') return true;
  if (pattern.startsWith(EXCEPT) || text.startsWith(EXCEPT)) return false;
  let [at, star, retry] = [0, -1, 0];
  for (let seen = 0; seen < text.length; seen += 1) {
    const token = pattern[at];
    if (token === '*') {
      star = at;
      retry = seen;
      at += 1;
      seen -= 1;
    } else if (token === text[seen] || (token === '?' && text[seen] !== '*')) {
      at += 1;
    } else if (star >= 0) {
      at = star + 1;
      seen = retry;
      retry += 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
