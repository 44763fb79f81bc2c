import { describeError } from '../../aws/errors.ts';
import { keyHash, ledgerPartition } from '../../fan-out/ledger-keys.ts';
import { deleteRow, readKeyRows } from '../../resources/fan-out/scan-rows.ts';
import { createFunctionReader } from '../../resources/function-capacity.ts';
import { messagesIn, readQueueFigures } from '../../resources/queue-figures.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';

/** Why a probe did not arrive, as far as anybody can tell: the nearest cause first. */
export async function whyNot({ aws, ledger }: FanOutSession, { told }: FanOutTarget, key: string): Promise<string> {
  const { place, functionName, deadLetterQueueUrl } = told;
  try {
    if ((await createFunctionReader(aws)(place, functionName)) === 'absent') return 'its function is missing';
    const { copies } = await readKeyRows(ledger, partition(told.destination.bucket, key));
    const [row] = copies;
    if (row?.error !== undefined) return row.error;
    if (row?.state === 'copying') return 'it is being copied still';
    if (row) return `the ledger says ${row.state}`;
    const letters = await readQueueFigures(aws, place, deadLetterQueueUrl);
    const waiting = letters ? messagesIn(letters) : 0;
    const also = waiting > 0 ? `; ${waiting} dead letters wait there` : '';
    return `no event has reached its function${also}`;
  } catch (error) {
    return `why is not known: ${describeError(error)}`;
  }
}

/** Nothing of a probe is to be counted. A row that cannot be deleted expires. */
export async function removeProbeRows({ ledger }: FanOutSession, { told }: FanOutTarget, key: string): Promise<void> {
  const pk = partition(told.destination.bucket, key);
  try {
    const { sortKeys } = await readKeyRows(ledger, pk);
    for (const sk of sortKeys) await deleteRow(ledger, { pk, sk });
  } catch {
    // The rows' time to live takes them.
  }
}

function partition(bucket: string, key: string): string {
  return ledgerPartition(bucket, keyHash(key));
}
