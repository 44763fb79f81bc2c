import { describeError } from '../../aws/errors.ts';
import { applyChange, resume } from '../../fan-out/apply-change.ts';
import { applyLook } from '../../fan-out/apply-look.ts';
import type { FanOutWorld } from '../../fan-out/bring.ts';
import type { Outcome } from '../../fan-out/conclude.ts';
import { admits } from '../../fan-out/filter.ts';
import type { ObjectChange } from '../../fan-out/object-change.ts';
import type { FoundObject } from './buckets.ts';
import type { Configuration } from './configuration.ts';
import type { Look, Work } from './event.ts';

/** What became of one piece of work. */
export type Done = { readonly key?: string } & (
  | Exclude<Outcome, { readonly is: 'filtered' }>
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
    case 'unreadable':
      return { is: 'failed', why: work.why };
    case 'resume':
      return waited(await resume(open(work), work.row.pk, work.row.sk));
    case 'look':
      return lookAt(work, configuration, open);
    case 'change':
      return change(work.change, configuration, open);
  }
}

async function change(told: ObjectChange, configuration: Configuration, open: OpenWorld): Promise<Done> {
  const { document, mapKey } = configuration;
  if (told.kind !== 'created' && !document.replicateDeletes) return { is: 'ignored', why: 'deletions stay' };
  if (!admits(document.filter, told.key, told.size)) return leftOut();
  const mapped = mapKey(told.key);
  if ('fault' in mapped) return { is: 'unmappable', why: mapped.fault };
  return waited(await applyChange(open(), told, mapped.key));
}

async function lookAt(
  { key, run, isAgain }: Look,
  { document, mapKey }: Configuration,
  open: OpenWorld,
): Promise<Done> {
  if (!admits(document.filter, key)) return leftOut();
  const mapped = mapKey(key);
  if ('fault' in mapped) return { is: 'unmappable', why: mapped.fault };
  return waited(await applyLook(open(), { sourceKey: key, destinationKey: mapped.key, run, isAgain }));
}

function leftOut(): Done {
  return { is: 'ignored', why: 'the filter leaves it out' };
}

/** Whoever is at something newer may still fail: this comes again. Whoever is at this itself comes again by himself. */
function waited(outcome: Outcome): Done {
  if (outcome.is === 'filtered') return leftOut();
  if (outcome.is !== 'busy' || outcome.isOwn) return outcome;
  throw new Error('another invocation is at a newer object of this key');
}
