import type { Ledger } from '../../fan-out/ledger.ts';
import type { LedgerKey } from '../../fan-out/ledger-keys.ts';
import { updateRow } from '../../resources/fan-out/row-update.ts';
import type { LedgerTable } from '../../resources/fan-out/row-update.ts';
import { number, text } from '../../resources/fan-out/rows.ts';
import type { Item } from '../../resources/fan-out/rows.ts';
import { LEASE_MS } from './upload-state.ts';
import type { UploadRow, UploadState } from './upload-state.ts';

export interface LeaseTerms {
  /** Of this invocation; it is told another one's where that has left the row to it. */
  readonly own: string;
  readonly left?: string;
  /** To whom it is left. */
  readonly successor: string;
  readonly now: () => number;
}

/** The upload of one copy's row, under a lease in the row. */
export function dynamoDbUploadRow(
  rows: LedgerTable,
  ledger: Pick<Ledger, 'head'>,
  key: LedgerKey,
  { own, left, successor, now }: LeaseTerms,
): UploadRow {
  async function write(state: UploadState | undefined, lease: { readonly token: string; readonly until: number }) {
    const { holds } = await updateRow(rows, {
      key,
      set: {
        upload: state && uploadAttribute(state),
        leaseToken: text(lease.token),
        leaseUntil: number(lease.until),
      },
      condition: '#leaseToken = :own',
      values: { own: text(own) },
    });
    return holds;
  }

  return {
    async take() {
      const { holds, item } = await updateRow(rows, {
        key,
        set: { leaseToken: text(own), leaseUntil: number(now() + LEASE_MS) },
        condition:
          'attribute_exists(#pk) AND (attribute_not_exists(#leaseToken) OR #leaseToken IN (:own, :left) OR #leaseUntil < :now)',
        values: { own: text(own), left: text(left ?? own), now: number(now()) },
      });
      return holds ? { state: readUpload(item) } : undefined;
    },
    save: (state) => write(state, { token: own, until: now() + LEASE_MS }),
    // No longer than any lease: whoever left it may have died before he started his successor.
    handOver: (state) => write(state, { token: successor, until: now() + LEASE_MS }),
    async isCurrent() {
      const head = await ledger.head(key.pk);
      return head?.sk === key.sk;
    },
  };
}

function uploadAttribute({ uploadId, partSize, finished, hasLateTags, idle }: UploadState): Item[string] {
  const late = hasLateTags && { lateTags: { BOOL: true as const } };
  const idleTurns = idle !== undefined && { idle: number(idle) };
  return { M: { id: text(uploadId), partSize: number(partSize), finished: text(finished), ...late, ...idleTurns } };
}

export function readUpload(item: Item): UploadState | undefined {
  const { id, partSize, finished, lateTags, idle } = item['upload']?.M ?? {};
  if (id?.S === undefined) return undefined;
  return {
    uploadId: id.S,
    partSize: Number(partSize?.N ?? 0),
    finished: finished?.S ?? '',
    ...(lateTags?.BOOL && { hasLateTags: true }),
    ...(idle?.N !== undefined && { idle: Number(idle.N) }),
  };
}
