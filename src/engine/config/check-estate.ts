import { placeOf, problemIn, valueAt, type Candidate, type Located } from './candidate.ts';
import { ACCOUNT_REFERENCE } from './formats/index.ts';
import { childPointer, dottedPath } from './pointer.ts';
import { fieldsOfFormat, type SchemaWalk } from './schema-walk.ts';
import { didYouMean } from './suggest.ts';
import { isPlainMap } from './yaml-value.ts';

export const SETTINGS = 'Settings';

/** Two documents of one kind and name; Settings count by kind alone. */
export function identityProblems(candidates: readonly Candidate[]): Located[] {
  const first = new Map<string, Candidate>();
  const problems: Located[] = [];
  for (const candidate of candidates) {
    const { kind, name } = candidate;
    if (kind !== SETTINGS && name === undefined) continue;
    const identity = kind === SETTINGS ? SETTINGS : `${kind}/${name}`;
    const other = first.get(identity);
    if (!other) {
      first.set(identity, candidate);
      continue;
    }
    const message = `${identity} is declared twice: ${placeOf(other)} and ${placeOf(candidate)}`;
    const [code, path] = kind === SETTINGS ? (['TU1019', '/kind'] as const) : (['TU1009', '/metadata/name'] as const);
    problems.push(problemIn(candidate, { code, path, message, hint: 'rename or remove one of the two' }));
  }
  return problems;
}

function formerNames({ yaml }: Candidate): string[] {
  const names = valueAt(yaml.value, 'metadata', 'formerly');
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

/** Former names that are declared still, or claimed by two documents. */
export function formerNameProblems(candidates: readonly Candidate[]): Located[] {
  const declared = new Map(candidates.map((candidate) => [`${candidate.kind}/${candidate.name}`, candidate]));
  const claimed = new Map<string, Candidate>();
  const problems: Located[] = [];
  for (const candidate of candidates) {
    for (const [index, name] of formerNames(candidate).entries()) {
      const identity = `${candidate.kind}/${name}`;
      const path = childPointer('/metadata/formerly', index);
      const holder = declared.get(identity);
      const rival = claimed.get(identity);
      if (holder) {
        const message = `${identity} is still declared: ${placeOf(holder)}`;
        problems.push(
          problemIn(candidate, { code: 'TU1021', path, message, hint: 'a former name is free; remove one of the two' }),
        );
      } else if (rival && rival !== candidate) {
        const message = `two documents were formerly ${identity}: ${placeOf(rival)} and ${placeOf(candidate)}`;
        problems.push(problemIn(candidate, { code: 'TU1021', path, message, hint: 'only one of them can be it' }));
      }
      claimed.set(identity, candidate);
    }
  }
  return problems;
}

/** Fields that name an account which Settings do not declare, by alias or id. */
export function accountProblems(candidates: readonly Candidate[], settings: Candidate, walk: SchemaWalk): Located[] {
  const accounts = valueAt(settings.yaml.value, 'spec', 'accounts');
  if (!isPlainMap(accounts)) return [];
  const aliases = new Set(Object.keys(accounts));
  if (aliases.size === 0) return [];
  const ids = new Set(Object.values(accounts).map((account) => valueAt(account, 'id')));
  return candidates.flatMap((candidate) => {
    const fields = fieldsOfFormat(walk, candidate.kind, candidate.yaml.value, ACCOUNT_REFERENCE);
    return fields.flatMap(({ path, value }) => {
      if (typeof value !== 'string' || value === '' || aliases.has(value) || ids.has(value)) return [];
      const message = `${dottedPath(path)} names the account ${value}, which Settings do not declare`;
      const hint = didYouMean(value, aliases) ?? `accounts: ${[...aliases].join(', ')}`;
      return [problemIn(candidate, { code: 'TU1020', path, message, hint })];
    });
  });
}
