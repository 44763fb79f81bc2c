import { createHash } from 'node:crypto';
import type { Github } from './client.ts';
import { GithubError } from './errors.ts';
import { ArchiveError, readOnlyEntry } from './zip.ts';

/** The file that makes the plans that count; nobody but the default branch says what is in it. */
const PLAN_WORKFLOW = '.github/workflows/plan.yml';
const PLAN_EVENT = 'pull_request_target';
const ENTRY = 'plan.json';
/** As of a plan file on disk (threats T43). */
const MAX_PLAN_BYTES = 8 * 1024 * 1024;

/** What names and bounds the plan of a pull request. */
export interface ReviewedHead {
  readonly pull: number;
  /** 40 or 64 hex digits. */
  readonly head: string;
  /** ISO 8601: what was made later nobody had read. */
  readonly mergedAt: string;
}

interface Artefact {
  readonly id: number;
  readonly name: string;
  readonly expired: boolean;
  /** ISO 8601. */
  readonly created_at: string | null;
  /** `sha256:` and 64 hex digits. */
  readonly digest?: string | null;
  readonly workflow_run?: { readonly id: number } | null;
}

interface Run {
  readonly id: number;
  readonly event: string;
  /** `.github/workflows/plan.yml`, with `@REF` after it for some. */
  readonly path: string;
  readonly conclusion: string | null;
  readonly repository: { readonly id: number };
}

/** Why a plan that was found is none to rely on. A clause. */
export class ForgedPlanError extends Error {
  override readonly name = 'ForgedPlanError';
}

export function artefactName({ pull, head }: Pick<ReviewedHead, 'pull' | 'head'>): string {
  return `trueup-plan-${pull}-${head}`;
}

/**
 * The bytes of the plan that the plan workflow made for this head, the last one where it ran again. Whoever may write
 * artefacts may choose their names: what counts is which run they belong to (threats T42).
 *
 * @throws ForgedPlanError where there is none that may be relied on, and why.
 * @throws GithubError where it cannot be found out.
 */
export async function fetchPlan(github: Github, repositoryId: number, reviewed: ReviewedHead): Promise<Buffer> {
  const name = artefactName(reviewed);
  const found = await github.list<Artefact>(`/actions/artifacts?name=${encodeURIComponent(name)}`, 'artifacts');
  const named = found.filter((one) => one.name === name);
  if (named.length === 0) throw new ForgedPlanError('no plan was made for the commit that was merged');
  const trusted = (await Promise.all(named.map((one) => ofPlanRun(github, repositoryId, one)))).flatMap(
    (one) => one ?? [],
  );
  if (trusted.length === 0) throw new ForgedPlanError(`${name} was not written by ${PLAN_WORKFLOW} of this repository`);
  const read = trusted.filter(({ artefact: { created_at: at } }) => at !== null && at <= reviewed.mergedAt);
  if (read.length === 0)
    throw new ForgedPlanError('its plan was made after it was merged, when nobody could read it any more');
  const last = Math.max(...read.map(({ run }) => run));
  const [artefact, ...twins] = read.filter(({ run }) => run === last).map((one) => one.artefact);
  if (!artefact || twins.length > 0) throw new ForgedPlanError(`one run has more than one artefact ${name}`);
  if (artefact.expired) throw new ForgedPlanError(`${name} has expired`);
  const archive = await github.download(`/actions/artifacts/${artefact.id}/zip`, MAX_PLAN_BYTES);
  const digest = `sha256:${createHash('sha256').update(archive).digest('hex')}`;
  if (artefact.digest !== digest) throw new ForgedPlanError(`${name} is not what GitHub has a digest of`);
  try {
    return readOnlyEntry(archive, ENTRY, MAX_PLAN_BYTES);
  } catch (error) {
    if (error instanceof ArchiveError) throw new ForgedPlanError(`${name} is no archive of a plan: ${error.message}`);
    throw error;
  }
}

/** Does it belong to a run that only the default branch's plan workflow can have been? */
async function ofPlanRun(
  github: Github,
  repositoryId: number,
  artefact: Artefact,
): Promise<{ readonly artefact: Artefact; readonly run: number } | undefined> {
  const id = artefact.workflow_run?.id;
  if (id === undefined) return undefined;
  const run = await github.get<Run>(`/actions/runs/${id}`).catch((error: unknown) => {
    if (error instanceof GithubError && error.status === 404) return undefined;
    throw error;
  });
  const [path] = run?.path.split('@') ?? [];
  const isTrusted =
    run?.repository.id === repositoryId &&
    run.event === PLAN_EVENT &&
    path === PLAN_WORKFLOW &&
    run.conclusion === 'success';
  return isTrusted ? { artefact, run: id } : undefined;
}
