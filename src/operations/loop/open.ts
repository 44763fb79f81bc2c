import type { Aws } from '../../aws/clients.ts';
import { readSecret } from '../../aws/secrets.ts';
import type { Clock } from '../../engine/types.ts';
import { remoteName } from '../../git/repository-of.ts';
import { createGithub } from '../../github/client.ts';
import { TAKEN_TAG } from '../../reconcilers/reconcile-loop/function-contract.ts';
import type { LoopDocument, ObjectPlace } from '../../reconcilers/reconcile-loop/loop-document.ts';
import type { Cell } from '../../resources/cell/types.ts';
import { loopStateKey, loopStateRow } from '../../resources/lease/loop-state.ts';
import { functionTag } from '../../resources/function-tag.ts';
import { cellBeside } from '../../resources/lease/open.ts';
import { kmsVerify } from '../../resources/signing.ts';
import { openObject } from '../../resources/stored-object.ts';
import { s3Approvals } from './approvals.ts';
import type { IssueKeeping } from './loop-issue.ts';
import { floorIn } from './floor.ts';
import type { Floor } from './floor.ts';
import { githubSource } from './github-source.ts';
import type { HeldTree } from './github-source.ts';
import { s3Source } from './s3-source.ts';
import type { SignedObject } from './s3-source.ts';
import type { Approvals, LoopSettings, LoopSource } from './types.ts';

/** What a loop stands on, opened with its own rights. */
export interface LoopParts {
  readonly loop: LoopSettings;
  readonly source: LoopSource;
  readonly approvals?: Approvals;
  readonly state: Cell;
  readonly floor: Floor;
  /** Whose estate it is, as far as the document says. */
  readonly repository?: string;
}

export interface OpenLoopOptions {
  /** By which GitHub is waited for. */
  readonly clock: Clock;
  /** What is still there of the last run. */
  readonly held: HeldTree;
}

/** @param aws the function's own credentials: neither the plan role nor the apply role reads these. */
export async function openLoop(aws: Aws, document: LoopDocument, options: OpenLoopOptions): Promise<LoopParts> {
  const repository = repositoryIn(document);
  const { address, owner, name, place, store, mode, onlyKinds, selfUpdate, approvals } = document;
  return {
    loop: { address, owner, account: place.account, mode, onlyKinds, selfUpdate, heedsDocument: true },
    source: await sourceOf(aws, document, options),
    ...(repository !== undefined && { repository }),
    ...(approvals && { approvals: s3Approvals(await signedObject(aws, document, approvals)) }),
    floor: floorIn(await functionTag(aws, place, document.functionName, TAKEN_TAG)),
    state: await cellBeside(
      aws,
      { owner, place, ...store },
      { key: loopStateKey({ owner, name }), row: loopStateRow({ owner, name }) },
    ),
  };
}

/** What may be applied, by the same rules wherever the loop runs; undefined: nothing. */
export async function openApprovals(aws: Aws, document: LoopDocument): Promise<Approvals | undefined> {
  return document.approvals && s3Approvals(await signedObject(aws, document, document.approvals));
}

/** The issue that the document's loop keeps, if it names one. Its token is read when there is something to tell. */
export function issueKeeping(aws: Aws, { issue, name, place }: LoopDocument, clock: Clock): IssueKeeping | undefined {
  if (!issue) return undefined;
  const { repository, token, api } = issue;
  return {
    name,
    clock,
    open: async () => createGithub({ api, repository, token: await readSecret(aws, token, place) }, clock),
  };
}

async function sourceOf(aws: Aws, document: LoopDocument, { clock, held }: OpenLoopOptions): Promise<LoopSource> {
  const { source, place, owner } = document;
  if ('s3' in source) return s3Source(await signedObject(aws, document, source.s3));
  const { repository, ref, path, token, api } = source.github;
  const github = createGithub({ api, repository, token: await readSecret(aws, token, place) }, clock);
  return githubSource({ github, place: { api, branch: ref, path }, repository, owner, held });
}

/** As clones and workflows name it (src/git/repository-of.ts): the owner is claimed for it. */
function repositoryIn({ source, issue }: LoopDocument): string | undefined {
  const named = 'github' in source ? source.github : issue;
  if (!named) return undefined;
  const { host } = new URL(named.api);
  return remoteName(`https://${host.replace(/^api\./, '')}/${named.repository}`);
}

async function signedObject(aws: Aws, document: LoopDocument, at: ObjectPlace): Promise<SignedObject> {
  const { owner, place, signingKey } = document;
  if (signingKey === undefined) throw new Error('a valid document names its signing key');
  return {
    object: await openObject(aws, place, at),
    name: `s3://${at.bucket}/${at.key}`,
    owner,
    keyId: signingKey,
    verify: kmsVerify(aws, place),
  };
}
