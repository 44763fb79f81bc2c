import { problemIn, valueAt, type Candidate, type Located } from './candidate.ts';
import { childPointer, dottedPath } from './pointer.ts';
import { isPlainMap } from './yaml-value.ts';

const ROLES = ['planRole', 'applyRole'] as const;

/** The account of an ARN: its fifth part. */
function accountOfArn(arn: unknown): string | undefined {
  return typeof arn === 'string' ? arn.split(':')[4] : undefined;
}

function roleProblems(settings: Candidate, alias: string, account: unknown): Located[] {
  const id = valueAt(account, 'id');
  return ROLES.flatMap((role) => {
    const path = childPointer(childPointer('/spec/accounts', alias), role);
    const owner = accountOfArn(valueAt(account, role));
    if (owner === undefined || owner === id) return [];
    const message = `${dottedPath(path)} must be a role of the account ${String(id)}, this is one of ${owner}`;
    return [problemIn(settings, { code: 'TU1003', path, message })];
  });
}

function reachProblems(settings: Candidate, alias: string, account: unknown): Located[] {
  const defaultAccount = valueAt(settings.yaml.value, 'spec', 'defaultAccount');
  const isDefault = defaultAccount === alias || defaultAccount === valueAt(account, 'id');
  const missing = ROLES.filter((role) => valueAt(account, role) === undefined);
  if (missing.length === 0 || (isDefault && missing.length === ROLES.length)) return [];
  const path = childPointer('/spec/accounts', alias);
  const message = `${dottedPath(path)} has no ${missing.join(' and no ')}: the caller's own credentials reach defaultAccount only`;
  const hint = `add ${missing.join(' and ')}`;
  return [problemIn(settings, { code: 'TU1026', path, message, hint, warning: true }, 'key')];
}

/** What is wrong with valid Settings by themselves: accounts that are one, roles elsewhere, a former owner that still is. */
export function settingsProblems(settings: Candidate): Located[] {
  const spec = valueAt(settings.yaml.value, 'spec');
  const accounts = valueAt(spec, 'accounts');
  const problems: Located[] = [];
  const aliasOf = new Map<unknown, string>();
  for (const [alias, account] of Object.entries(isPlainMap(accounts) ? accounts : {})) {
    const id = valueAt(account, 'id');
    const other = aliasOf.get(id);
    if (other !== undefined) {
      const path = childPointer(childPointer('/spec/accounts', alias), 'id');
      const message = `${dottedPath(path)} is the account ${other} as well: an account has one alias`;
      problems.push(problemIn(settings, { code: 'TU1003', path, message }));
    }
    aliasOf.set(id, alias);
    problems.push(...roleProblems(settings, alias, account), ...reachProblems(settings, alias, account));
  }
  const formerly = valueAt(spec, 'formerly');
  const index = Array.isArray(formerly) ? formerly.indexOf(valueAt(spec, 'owner')) : -1;
  if (index !== -1) {
    const message = 'spec.formerly names the owner of today';
    problems.push(problemIn(settings, { code: 'TU1021', path: childPointer('/spec/formerly', index), message }));
  }
  return problems;
}
