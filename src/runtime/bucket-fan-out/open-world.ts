import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Aws } from '../../aws/clients.ts';
import { admits } from '../../fan-out/filter.ts';
import { CONTINUE_ACTION } from '../../reconcilers/bucket-fan-out/function-contract.ts';
import type { CopyContinuation } from '../../reconcilers/bucket-fan-out/function-contract.ts';
import { dynamoDbLedger } from '../../resources/fan-out/ledger.ts';
import { openLedgerTable } from '../../resources/fan-out/row-update.ts';
import { startFunction } from '../../resources/invoke.ts';
import { copyClients } from '../../resources/object-copy/open.ts';
import type { TimeLeft } from '../time-left.ts';
import { s3Buckets } from './buckets.ts';
import type { Configuration } from './configuration.ts';
import type { OpenWorld } from './do-work.ts';
import { dynamoDbUploadRow } from './upload-row.ts';

/** Octets of what nobody is to guess. */
const NONCE_OCTETS = 12;

/** Of an invocation: at `stop` nothing more is begun, at `end` nothing more is waited for. */
export interface WorldTime extends Pick<TimeLeft, 'clock' | 'left' | 'stop'> {
  readonly end: AbortSignal;
}

/** What the work of one invocation is done with. */
export async function openWorlds(
  { document, marks, mapKey, mapsOneToOne }: Configuration,
  aws: Aws,
  time: WorldTime,
  invocation: string,
): Promise<OpenWorld> {
  const { place, source, destination, ledger: where, functionName, address } = document;
  const now = (): number => time.clock.now();
  // Every part that is copied listens to it.
  setMaxListeners(0, time.stop, time.end);
  const rows = await openLedgerTable(aws, place, where, now);
  const clients = await copyClients(aws, place.account, { source: source.region, destination: destination.region });
  const ledger = dynamoDbLedger(rows, now);
  return (left) => {
    const successor = nonce();
    const turn = left?.turn ?? 0;
    return {
      ledger,
      buckets: s3Buckets(document, {
        clients,
        time,
        turn,
        end: time.end,
        uploadRow: (row) =>
          dynamoDbUploadRow(rows, ledger, row, {
            own: invocation,
            ...(left !== undefined && { left: left.token }),
            successor,
            now,
          }),
        async goOn(row) {
          const next: CopyContinuation = {
            action: CONTINUE_ACTION,
            document: address,
            ...row,
            token: successor,
            turn: turn + 1,
          };
          await startFunction(aws, place, functionName, next);
        },
      }),
      destinationBucket: destination.bucket,
      marks,
      admits: (key, size) => admits(document.filter, key, size),
      destinationKeyOf(key) {
        const mapped = mapKey(key);
        return 'key' in mapped ? mapped.key : undefined;
      },
      mapsOneToOne,
      keepsDeleted: !document.replicateDeletes,
      nonce,
    };
  };
}

function nonce(): string {
  return randomBytes(NONCE_OCTETS).toString('base64url');
}
