import { MIRROR_ACTION, PLAN_ACTION, VERIFY_ACTION } from '../../resources/record-sets/function-contract.ts';
import type { MirrorAnswer, PlanAnswer, VerifyAnswer } from '../../resources/record-sets/function-contract.ts';
import { createSourceReader } from '../../resources/record-sets/source.ts';
import type { Transferred } from '../../resources/record-sets/source.ts';
import { callsSince } from '../calls-since.ts';
import type { FunctionContext } from '../context.ts';
import { writeLogLine } from '../log-line.ts';
import { readEvent } from './event.ts';
import type { Request } from './event.ts';
import { isFullTransferDue } from './full-transfer.ts';
import { isStuck, lineOf } from './line.ts';
import { createMirrorWorld } from './mirror-world.ts';
import { mirrorPass } from './pass.ts';
import { answerPlan } from './plan-answer.ts';
import { resolverOf, serialMemory } from './serial-memory.ts';
import { beforeEnd, stopBeforeEnd } from '../time-left.ts';
import { answerVerify } from './verify.ts';
import { warm } from './warm.ts';
import type { Warm } from './warm.ts';

/** Left of the function's time when a transfer must be over: what it brings has to be written (specs: ZoneMirror, budgets). */
const TRANSFER_RESERVE_MS = 60_000;

/** The mirror function and the one that only looks: which of the two, its environment says. */
export async function handler(
  event: unknown,
  context: FunctionContext,
): Promise<MirrorAnswer | PlanAnswer | VerifyAnswer> {
  const started = performance.now();
  const kept = warm();
  const request = readEvent(event, kept.configuration);
  const before = kept.aws.calls();
  const transfers: Transferred[] = [];
  try {
    const answer = await act(kept, request, context, transfers);
    log(isPass(answer) ? answer : { outcome: 'outcome' in answer ? answer.outcome : 'verified' });
    return answer;
  } catch (error) {
    kept.forgetSecrets();
    const message = error instanceof Error ? error.message : String(error);
    log({ outcome: 'failed', findings: [{ code: 'error', severity: 'blocks', message }] });
    throw error;
  }

  function log(answer: Parameters<typeof lineOf>[2]): void {
    const seconds = (performance.now() - started) / 1000;
    const calls = callsSince(before, kept.aws.calls());
    writeLogLine(lineOf(kept, { request, seconds, transfers, calls }, answer));
  }
}

function isPass(answer: MirrorAnswer | PlanAnswer | VerifyAnswer): answer is MirrorAnswer {
  return 'document' in answer;
}

async function act(
  kept: Warm,
  request: Request,
  context: FunctionContext,
  transfers: Transferred[],
): Promise<MirrorAnswer | PlanAnswer | VerifyAnswer> {
  const { configuration, clock } = kept;
  if (request.action === 'refuse') {
    const refusal = { code: 'refused-event', severity: 'blocks', message: request.why };
    return { outcome: 'refused-event', document: configuration.address, findings: [refusal] };
  }
  const isScheduled = request.action === MIRROR_ACTION && request.scheduled;
  const isFull = isScheduled && isDue(kept);
  const began = clock.now();
  const resolver = resolverOf(configuration);
  const isListed =
    isFull || request.action === VERIFY_ACTION || (request.action === PLAN_ACTION && request.listing === 'always');
  const sources = createSourceReader(kept.aws, {
    // A full transfer is there to find what increments have hidden; the next increments stand on what it brought.
    bases: isFull ? { ...kept.bases, get: () => undefined } : kept.bases,
    deadline: performance.now() + beforeEnd(context, TRANSFER_RESERVE_MS),
    secret: kept.secret,
    onTransferred: (transfer) => void transfers.push(transfer),
  });
  const timed = stopBeforeEnd(context, clock);
  const mirror = createMirrorWorld(configuration, kept.aws, sources, timed.clock, {
    listing: isListed ? 'always' : 'when-moved',
    ...memoryOf(),
  });
  try {
    if (request.action === PLAN_ACTION) return await answerPlan(mirror);
    if (request.action !== MIRROR_ACTION) return await answerVerify(kept.aws, configuration, mirror, sources, resolver);
    const { expect } = request;
    const answer = await mirrorPass(configuration, mirror.world, {
      stop: timed.stop,
      ...(expect !== undefined && { expect }),
    });
    // What nobody wanted to mirror is no ground to build on: the primary may never have meant it.
    if (isStuck(answer)) kept.forgetBases();
    if (answer.outcome === 'failed') kept.forgetSecrets();
    // A full transfer that failed is still due.
    else if (isScheduled) kept.lastScheduled = began;
    return answer;
  } finally {
    timed.clear();
  }

  function memoryOf() {
    const memory = serialMemory(resolver);
    return memory ? { memory } : {};
  }
}

function isDue({ configuration, clock, lastScheduled }: Warm): boolean {
  const { schedule, fullTransferEvery } = configuration.document.spec;
  const identity = `${configuration.owner}/${configuration.address}`;
  return isFullTransferDue({ schedule, fullTransferEvery, identity }, clock.now(), lastScheduled);
}
