import type { Aws } from '../aws/clients.ts';
import { documentAddress } from '../engine/address.ts';
import type { PlanRun } from '../engine/plan.ts';
import { equal } from '../engine/value.ts';
import type { Account, Address, ApplyResult, Change, DriftResult, Plan, Who } from '../engine/types.ts';
import { IAM_ROLE } from '../resources/aws-iam-role.ts';
import { createTrailReader } from '../resources/trail/reader.ts';
import { searchFindings } from '../resources/trail/search-findings.ts';
import type { Searched } from '../resources/trail/search-findings.ts';
import type { Subject } from '../resources/trail/types.ts';

export interface WhoRequest {
  readonly aws: Aws;
  readonly accounts: ReadonlyMap<string, Account>;
  /** In which the objects were found as they are. */
  readonly run: PlanRun;
  /** Milliseconds since the epoch: everything was as it should be then. */
  readonly since?: number;
}

/** The drift with who, when and how, as far as CloudTrail tells. It is advice: what cannot be asked fails nothing. */
export async function withWho(result: DriftResult, request: WhoRequest): Promise<DriftResult> {
  const subjects = [
    ...result.drifted.flatMap(({ id, changes }) => subjectOf(request.run, id, changes) ?? []),
    ...result.missing.flatMap(({ id }) => subjectOf(request.run, id) ?? []),
  ];
  if (subjects.length === 0) return result;
  const searched = await searchAll(request, subjects);
  const who = whoById(searched);
  return {
    ...result,
    drifted: result.drifted.map((one) => ({ ...one, ...told(who.get(one.id)) })),
    missing: result.missing.map((one) => ({ ...one, ...told(who.get(one.id)) })),
    findings: [...result.findings, ...searchFindings(searched)],
    calls: request.aws.calls(),
  };
}

/**
 * The refusals with who moved what was reviewed. Only of fields that are another than the reviewer saw, and of objects
 * that are gone since.
 */
export async function withMovers(result: ApplyResult, reviewed: Plan, request: WhoRequest): Promise<ApplyResult> {
  const movedIn = new Map(
    result.refused.flatMap(({ differences }) =>
      differences.flatMap(({ id }) => {
        const moved = movedSince(request.run.plan, reviewed, id);
        return moved ? [[id, moved] as const] : [];
      }),
    ),
  );
  const subjects = [...movedIn].flatMap(
    ([id, moved]) => subjectOf(request.run, id, moved === 'gone' ? undefined : moved) ?? [],
  );
  if (subjects.length === 0) return result;
  const who = whoById(await searchAll(request, subjects));
  return {
    ...result,
    refused: result.refused.map((refusal) => ({
      ...refusal,
      differences: refusal.differences.map((difference) => {
        const moved = movedIn.get(difference.id);
        const isMoved =
          moved === 'gone' ? difference.path === undefined : moved?.some(({ path }) => path === difference.path);
        return { ...difference, ...(isMoved && told(who.get(difference.id))) };
      }),
    })),
    calls: request.aws.calls(),
  };
}

/** Fields of an object that are found as no reviewer saw them; or the object is gone. */
function movedSince(fresh: Plan, reviewed: Plan, id: Address): readonly Change[] | 'gone' | undefined {
  const [now, then] = [fresh, reviewed].map(({ actions }) => actions.find((action) => action.id === id));
  if (!now) return undefined;
  if (now.action === 'create') return then?.action === 'create' ? undefined : 'gone';
  const moved = now.changes.filter(({ path, before, items, live }) => {
    const seen = then?.changes.find((change) => change.path === path);
    const isSame = items
      ? items.every((item) => seen?.items?.includes(item))
      : seen !== undefined && equal(seen.before, before);
    return !live && !isSame;
  });
  return moved.length === 0 ? undefined : moved;
}

function told(who: Who | undefined): { readonly who?: Who } {
  return who ? { who } : {};
}

function whoById(searched: readonly Searched[]): ReadonlyMap<Address, Who> {
  return new Map(searched.flatMap(({ id, search }) => (search.state === 'told' ? [[id, search.who] as const] : [])));
}

/** @param changes undefined: the object is gone. */
function subjectOf({ plan, documents }: PlanRun, id: Address, changes?: readonly Change[]): Subject | undefined {
  const action = plan.actions.find((one) => one.id === id);
  if (!action) return undefined;
  const { account, region, document, type, resource } = action;
  const seen = documents.get(document)?.seen.find(({ address }) => address === id);
  return {
    id,
    type,
    resource,
    place: { account, region },
    properties: { ...(seen?.target ?? seen?.draft)?.properties },
    missing: changes === undefined,
    changes: changes ?? [],
    effects: plan.documents.find((planned) => documentAddress(planned) === document)?.effects ?? [],
  };
}

/** Places beside each other, and in each one object after the other: the first are looked up where not all can be. */
async function searchAll(
  { aws, accounts, run, since }: WhoRequest,
  subjects: readonly Subject[],
): Promise<readonly Searched[]> {
  const reader = createTrailReader(aws, {
    ...(since !== undefined && { since }),
    ours: (account) => ({
      applyRole: accounts.get(account)?.applyRole,
      functionRoles: functionRoles(run, account),
    }),
  });
  const queues = new Map<string, Promise<unknown>>();
  return Promise.all(
    subjects.map(async (subject) => {
      const place = reader.placeOf(subject);
      const key = `${place?.account}/${place?.region}`;
      const search = (queues.get(key) ?? Promise.resolve()).then(() => reader.search(subject));
      queues.set(key, search);
      return { id: subject.id, place, search: await search };
    }),
  );
}

/** Names of the roles that documents declare in an account: functions of ours act by them. */
function functionRoles({ documents }: PlanRun, account: string): ReadonlySet<string> {
  const seen = [...documents.values()].flatMap((document) => document.seen);
  const roles = seen.filter(({ desired }) => desired.type === IAM_ROLE && desired.place.account === account);
  return new Set(roles.map(({ draft }) => draft.properties['RoleName']).filter((name) => typeof name === 'string'));
}
