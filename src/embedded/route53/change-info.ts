import type { ChangeInfo, GetChangeRequest, GetChangeResponse } from '@aws-sdk/client-route-53';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { changes, newId } from './model.ts';
import type { StoredChange } from './model.ts';

/** How long a change is PENDING here; AWS: "generally … within 60 seconds". */
export const PROPAGATION_MS = 30_000;

/** Records a change to a zone, PENDING from now on. */
export function submitChange(comment: string | undefined, context: CallContext): ChangeInfo {
  const id = newId('C', context);
  const change: StoredChange = {
    account: context.caller.account,
    submitted: context.now,
    ...(comment === undefined ? {} : { comment }),
  };
  context.data.put(changes, id, change);
  return changeInfo(id, change, context.now);
}

export function getChange(input: GetChangeRequest, context: CallContext): GetChangeResponse {
  const id = (input.Id ?? '').replace(/^\/change\//, '');
  const change = context.data.get(changes, id);
  if (change === undefined || change.account !== context.caller.account) {
    throw serviceError('NoSuchChange', `Could not find resource with ID: ${id}`, { status: 404 });
  }
  return { ChangeInfo: changeInfo(id, change, context.now) };
}

function changeInfo(id: string, change: StoredChange, now: number): ChangeInfo {
  return {
    Id: `/change/${id}`,
    Status: now - change.submitted >= PROPAGATION_MS ? 'INSYNC' : 'PENDING',
    SubmittedAt: new Date(change.submitted),
    ...(change.comment === undefined ? {} : { Comment: change.comment }),
  };
}
