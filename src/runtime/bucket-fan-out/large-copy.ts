import { copyPlan } from '../../fan-out/copy-plan.ts';
import { timeoutFor } from '../../fan-out/copy-time.ts';
import { octets } from '../../fan-out/figures.ts';
import { fitHeader } from '../../resources/object-copy/multipart-copy.ts';
import type { MultipartCopy, OpenUpload } from '../../resources/object-copy/multipart-copy.ts';
import type { SourceObject } from '../../resources/object-copy/source-object.ts';
import type { TimeLeft } from '../time-left.ts';
import { copyParts } from './copy-parts.ts';
import { isForGood } from './failure.ts';
import { awaitedEtag, etagOfParts, writeFinished } from './finished-parts.ts';
import { LostRowError, everyInterval, keepRow, takeRow } from './held-row.ts';
import type { Every, HeldRow } from './held-row.ts';
import type { UploadRow, UploadState } from './upload-state.ts';

/** What is to be copied, beside what the calls know. */
export interface LargeCopyOrder {
  /** Octets of the source, more than `copyPlan` copies by one call. */
  readonly size: number;
  /** Octets of a part; default: `copyPlan` says it. What was begun goes on as it was begun. */
  readonly partSize?: number;
  /** User metadata that no other copy has: by it a copy is known that nobody saw the end of. Undefined: there is no room for it. */
  readonly proof?: { readonly name: string; readonly value: string };
}

export interface LargeCopyWorld {
  readonly calls: MultipartCopy;
  readonly row: UploadRow;
  /** Of the invocation (`stopBeforeEnd`): at its signal nothing more is begun. */
  readonly time: Pick<TimeLeft, 'clock' | 'stop' | 'left'>;
  /** How many invocations before this one have handed the copy over, one to the next. */
  readonly turn: number;
  /** Parts that are copied at once. */
  readonly concurrency: number;
  /** Default: real time. */
  readonly every?: Every;
}

export type LargeCopyResult =
  | { readonly outcome: 'copied'; readonly etag: string; readonly versionId?: string; readonly parts: number }
  /** The source is not there any more, or something newer is to be at the destination; no upload is left. */
  | { readonly outcome: 'superseded' }
  /** The time is over. The row has been handed over: another invocation is to be started. */
  | { readonly outcome: 'goes on'; readonly finished: number; readonly parts: number }
  /** Another invocation is at it, and alive: nothing is to be done. */
  | { readonly outcome: 'elsewhere' };

/**
 * Until the signal, for completing an upload: "processing … could take several minutes" (S3 API Reference,
 * CompleteMultipartUpload). Who has less, and used his time for parts, leaves it to an invocation that has all its time.
 */
const COMPLETION_MS = 120_000;
/** Each invocation finishes a part, mostly far more. Beyond, they only start one another. */
const mostTurns = (parts: number): number => 8 + 2 * parts;
/** Invocations in a row that finish no part: the first one may have come late to it, and S3 may be slow for a while. */
const MOST_IDLE = 3;

/** Invocations hand the copy over and come no further. */
class NoProgressError extends Error {
  override readonly name = 'NoProgressError';
}

/** An upload that was gone twice in one invocation is somebody's who aborts it. */
const MOST_BEGINNINGS = 2;

/**
 * Copies an object in parts, from wherever an earlier invocation stopped or died. S3 itself says which parts it has, so
 * that nothing is lost with an invocation that could not say so any more; each part is copied under the condition that
 * the source is what the copy was begun with. No upload stays open but one that the row names and somebody goes on with.
 * A row whose copy has landed still names its upload, so that who dies now is known to have landed: who finishes the row
 * takes it out.
 *
 * @throws what fails: for good (nothing is left open then), or for now (a next invocation goes on), which are told apart
 *   by nobody: Lambda tries both again, and then hands the event to the dead-letter queue.
 */
export async function copyLarge(order: LargeCopyOrder, world: LargeCopyWorld): Promise<LargeCopyResult> {
  const taken = await takeRow(world.row, world.time);
  if (taken === 'elsewhere') return { outcome: 'elsewhere' };
  const held = keepRow(world.row, taken, world.every ?? everyInterval);
  try {
    return await copyHeld(order, world, held);
  } catch (error) {
    if (error instanceof LostRowError) return { outcome: 'elsewhere' };
    throw error;
  } finally {
    held.letGo();
  }
}

async function copyHeld(order: LargeCopyOrder, world: LargeCopyWorld, held: HeldRow): Promise<LargeCopyResult> {
  for (let beginning = 0; beginning < MOST_BEGINNINGS; beginning += 1) {
    if (held.state()?.uploadId !== '' && !(await world.row.isCurrent())) return giveUp(world, held);
    const begun = await openUpload(order, world, held);
    if ('outcome' in begun) return begun;
    const result = await goOn(order, world, held, begun);
    if (result !== 'gone') return result;
    const landed = await landedCopy(order, world, held);
    if (landed) return landed;
    await held.save(undefined);
  }
  throw new Error('The multipart upload was gone more than once: somebody else aborts it.');
}

interface Begun {
  readonly state: UploadState;
  readonly open: OpenUpload;
}

/** The upload that the row names, or a new one. */
async function openUpload(
  order: LargeCopyOrder,
  world: LargeCopyWorld,
  held: HeldRow,
): Promise<Begun | LargeCopyResult> {
  const known = held.state();
  if (known !== undefined && known.uploadId !== '') {
    const open = await world.calls.look(known.uploadId);
    if (open !== 'gone') return { state: known, open };
    const landed = await landedCopy(order, world, held);
    if (landed) return landed;
  }
  const partSize = order.partSize ?? partSizeOf(order.size);
  const tags = await world.calls.tags();
  // Where a maker died his upload is found by beginning another one.
  if (tags === undefined && known?.uploadId !== '') return giveUp(world, held);
  const late = !fitHeader(tags ?? []) && ({ hasLateTags: true } as const);
  const idle = known?.idle !== undefined && { idle: known.idle };
  const beginning: UploadState = { uploadId: '', partSize, finished: '', ...late, ...idle };
  // Said before it is begun: whoever finds this knows that an upload may be open of which nobody has the id.
  await held.save(beginning);
  const uploadId = await world.calls.create(tags ?? []);
  try {
    await held.save(beginning);
    const open = await sweep(world, uploadId);
    const state = { ...beginning, uploadId };
    await held.save(state);
    return tags === undefined ? await giveUp(world, held) : { state, open };
  } catch (error) {
    // Nobody else knows of it.
    if (held.state()?.uploadId === '') await world.calls.abort(uploadId);
    throw error;
  }
}

/**
 * Aborts what the same function began for the same key and never wrote down: its maker died, or the answer was lost and
 * the SDK began another one.
 */
async function sweep({ calls }: LargeCopyWorld, uploadId: string): Promise<OpenUpload> {
  const open = await calls.look(uploadId);
  if (open === 'gone') throw new Error('The multipart upload was gone as soon as it was begun.');
  if (open.initiator === undefined) return open;
  for (const other of await calls.others(uploadId, open.initiator)) await calls.abort(other);
  return open;
}

function partSizeOf(size: number): number {
  const plan = copyPlan(size);
  if (plan.kind === 'parts') return plan.partSize;
  throw new RangeError(`An object of ${size} octets is copied by one call.`);
}

async function goOn(
  order: LargeCopyOrder,
  world: LargeCopyWorld,
  held: HeldRow,
  { state, open }: Begun,
): Promise<LargeCopyResult | 'gone'> {
  // What was begun but not swept is held against the head here, too.
  if (!(await world.row.isCurrent())) return giveUp(world, held);
  const { uploadId, partSize } = state;
  try {
    const { parts, copied, ended } = await copyParts({ size: order.size, partSize, uploadId }, open.parts, world, held);
    if (ended === 'gone') return 'gone';
    if (ended === 'source-gone') return await giveUp(world, held);
    const numbers = parts.map(({ number }) => number);
    if (ended === 'stopped' || (copied > 0 && world.time.left() < COMPLETION_MS)) {
      const all = Math.ceil(order.size / partSize);
      if (world.turn >= mostTurns(all)) throw new NoProgressError(noProgress(parts.length, all, world.turn));
      const finished = writeFinished({ numbers });
      // S3 may have finished what an invocation before this one did not wait for.
      const idle = finished === state.finished ? (state.idle ?? 0) + 1 : 0;
      if (idle >= MOST_IDLE) {
        // The row remembers it: whoever tries again is not given as many invocations anew.
        await giveUp(world, held, { uploadId: '', partSize, finished: '', idle });
        throw new NoProgressError(noPart(partSize));
      }
      await held.handOver({ ...state, finished, idle });
      return { outcome: 'goes on', finished: parts.length, parts: all };
    }
    if (!(await world.row.isCurrent())) return await giveUp(world, held);
    const etag = etagOfParts(parts.map((part) => part.etag));
    await held.save({ ...state, finished: writeFinished({ numbers, etag }) });
    const completed = await world.calls.complete(uploadId, parts);
    return completed === 'gone' ? 'gone' : await finish(world, held, { ...completed, parts: parts.length });
  } catch (error) {
    if (error instanceof NoProgressError ? held.state()?.uploadId !== '' : isForGood(error)) await giveUp(world, held);
    throw error;
  }
}

function noProgress(finished: number, parts: number, turns: number): string {
  return `After ${turns} invocations ${finished} of ${parts} parts are copied: the function needs more time (spec.function.timeout).`;
}

function noPart(partSize: number): string {
  return `${MOST_IDLE} invocations in a row have finished no part of ${octets(partSize)}: the function needs more time (spec.function.timeout, at least ${timeoutFor(partSize)}).`;
}

/** Nothing is left of the upload, and the row says so. */
async function giveUp({ calls }: LargeCopyWorld, held: HeldRow, left?: UploadState): Promise<LargeCopyResult> {
  const { uploadId = '' } = held.state() ?? {};
  if (uploadId !== '') await calls.abort(uploadId);
  await held.save(left);
  return { outcome: 'superseded' };
}

/** An upload that is gone may have been completed, by a call whose answer nobody heard. */
async function landedCopy(
  order: LargeCopyOrder,
  world: LargeCopyWorld,
  held: HeldRow,
): Promise<LargeCopyResult | undefined> {
  const awaited = awaitedEtag(held.state()?.finished ?? '');
  const found = awaited === undefined ? undefined : await world.calls.landed();
  if (found === undefined || found.size !== order.size || !isOurs(found, awaited, order)) return undefined;
  const { etag, versionId } = found;
  const parts = Number(etag.replaceAll('"', '').split('-')[1]);
  return finish(world, held, { etag, ...(versionId !== undefined && { versionId }), parts });
}

type Landed = Omit<Extract<LargeCopyResult, { readonly outcome: 'copied' }>, 'outcome'>;

/** Tags that no header held come behind the copy. Of a source that is gone by now nobody knows them. */
async function finish({ calls }: LargeCopyWorld, held: HeldRow, landed: Landed): Promise<LargeCopyResult> {
  const tags = held.state()?.hasLateTags ? await calls.tags() : undefined;
  if (tags) await calls.tagLanded(tags, landed.versionId);
  return { outcome: 'copied', ...landed };
}

function isOurs(found: SourceObject, awaited: string | undefined, { proof }: LargeCopyOrder): boolean {
  return found.etag === awaited || (proof !== undefined && found.metadata[proof.name] === proof.value);
}
