import { describeError } from '../../aws/errors.ts';
import { applyChange, applyLook, resume } from '../../fan-out/apply-change.ts';
import type { Outcome } from '../../fan-out/apply-change.ts';
import type { FanOutWorld } from '../../fan-out/bring.ts';
import { admits } from '../../fan-out/filter.ts';
import type { ObjectChange } from '../../fan-out/object-change.ts';
import type { FoundObject } from './buckets.ts';
import type { Configuration } from './configuration.ts';
import type { Work } from './event.ts';

/** What became of one piece of work. */
export type Done = { readonly key?: string } & (
  | Outcome
  | { readonly is: 'ignored' | 'refused' | 'unmappable' | 'failed'; readonly why: string }
);

/** Where a token was left for this invocation, the world takes the row by it. */
export type OpenWorld = (left?: { readonly token: string; readonly turn: number }) => FanOutWorld<FoundObject>;

/** Does one piece of work, and never throws: what fails is said, and does not stop others. */
export async function doWork(work: Work, configuration: Configuration, open: OpenWorld): Promise<Done> {
  const key = 'key' in work ? work.key : work.is === 'change' ? work.change.key : undefined;
  try {
    return { ...(key !== undefined && { key }), ...(await outcomeOf(work, configuration, open)) };
  } catch (error) {
    return { ...(key !== undefined && { key }), is: 'failed', why: describeError(error) };
  }
}

async function outcomeOf(work: Work, configuration: Configuration, open: OpenWorld): Promise<Done> {
  switch (work.is) {
    case 'ignored':
    case 'refused':
      return { is: work.is, why: work.why };
    case 'resume':
      return waited(await resume(open(work), work.row.pk, work.row.sk));
    case 'look':
      return lookAt(work.key, configuration, open);
    case 'change':
      return change(work.change, configuration, open);
  }
}

async function change(told: ObjectChange, configuration: Configuration, open: OpenWorld): Promise<Done> {
  const { document, mapKey } = configuration;
  if (told.kind === 'version-deleted') return { is: 'ignored', why: 'one version is gone, others are not' };
  if (told.kind === 'deleted' && !document.replicateDeletes) return { is: 'ignored', why: 'deletions stay' };
  if (!admits(document.filter, told.key, told.size)) return { is: 'ignored', why: 'the filter leaves it out' };
  const mapped = mapKey(told.key);
  if ('fault' in mapped) return { is: 'unmappable', why: mapped.fault };
  return waited(await applyChange(open(), told, mapped.key));
}

async function lookAt(key: string, { document, mapKey }: Configuration, open: OpenWorld): Promise<Done> {
  const { filter } = document;
  if (!admits(filter, key)) return { is: 'ignored', why: 'the filter leaves it out' };
  const mapped = mapKey(key);
  if ('fault' in mapped) return { is: 'unmappable', why: mapped.fault };
  const outcome = await applyLook(open(), key, mapped.key, (size) => admits(filter, key, size));
  return outcome.is === 'filtered' ? { is: 'ignored', why: 'the filter leaves it out' } : waited(outcome);
}

/** Whoever is at something newer may still fail: this comes again. Whoever is at this itself comes again by himself. */
function waited(outcome: Outcome): Outcome {
  if (outcome.is !== 'busy' || outcome.isOwn) return outcome;
  throw new Error('another invocation is at a newer object of this key');
}
