import { openApproval } from '../../src/bundle/approval.ts';
import type { OpenedApproval } from '../../src/bundle/approval.ts';
import type { ApproveResult } from '../../src/bundle/result.ts';
import { digestOf } from '../../src/engine/digest.ts';
import type { Plan } from '../../src/engine/types.ts';
import { approve } from '../../src/operations/approve.ts';
import type { PlanFile } from '../../src/operations/approve.ts';
import { plan } from '../../src/operations/plan.ts';
import { publish } from '../../src/operations/publish.ts';
import { connect } from '../../src/operations/world.ts';
import { renderJson } from '../../src/report/json.ts';
import { kmsVerify } from '../../src/resources/signing.ts';
import { APPROVAL, createPublisher, REGION, SIGNING_KEY } from './publisher.ts';
import type { Publisher } from './publisher.ts';

export const PLACE = { account: '111122223333', ...REGION };

/** A plan of the configuration as it lies there, with another digest for each change. */
export async function planned(publisher: Publisher, change: Partial<Plan> = {}): Promise<PlanFile> {
  const made = { ...(await plan(await publisher.project(), { endpoint: publisher.endpoint })), ...change };
  const whole = { ...made, digest: digestOf(made) };
  return { name: 'plan.json', plan: whole, text: renderJson(whole) };
}

export function noted(message: string): Partial<Plan> {
  return { findings: [{ document: '', code: 'noted', severity: 'blocks', message }] };
}

export async function approveAs(publisher: Publisher, plans: readonly PlanFile[]): Promise<ApproveResult> {
  return approve(await publisher.project(), { endpoint: publisher.endpoint, plans });
}

/** With its first commit published. */
export async function published(): Promise<Publisher> {
  const publisher = await createPublisher();
  await publish(await publisher.project(), { endpoint: publisher.endpoint });
  return publisher;
}

export async function connected({ project, endpoint }: Publisher) {
  return connect(await project(), { endpoint, role: 'caller' });
}

/** The approval as it lies there, verified. */
export async function opened(publisher: Publisher, key = APPROVAL): Promise<OpenedApproval> {
  const verify = kmsVerify(await connected(publisher), PLACE);
  return openApproval((await publisher.object(key))!, { owner: 'acme-network', keyId: SIGNING_KEY, verify });
}
