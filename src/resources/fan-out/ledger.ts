import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describeError, isAwsError } from '../../aws/errors.ts';
import type { Claim, CopyRow, Finish, Head, Ledger, Named } from '../../fan-out/ledger.ts';
import { HEAD, LOOKS } from '../../fan-out/ledger-keys.ts';
import type { LedgerKey } from '../../fan-out/ledger-keys.ts';
import { orderOfEvent } from '../../fan-out/order.ts';
import { tuple } from '../../fan-out/tuple.ts';
import { queryRows } from './query-rows.ts';
import { updateRow } from './row-update.ts';
import type { LedgerTable } from './row-update.ts';
import { contentAttributes, namedAttributes, number, readCopy, readHead, standingAttributes, text } from './rows.ts';
import type { Item } from './rows.ts';

/** Characters that a row keeps of an error. */
const MOST_OF_ERROR = 500;

function slotOf({ pk, sk }: LedgerKey, attempt: string): string {
  return tuple([pk, sk, attempt]);
}

/** A ledger in a DynamoDB table with the keys `pk` and `sk`, both text. Reads are consistent, writes conditional. */
export function dynamoDbLedger(rows: LedgerTable, now: () => number): Ledger {
  const { client, table } = rows;
  /** Attempts of a row that had failed when one of ours began, by `slotOf` ours. */
  const inherited = new Map<string, readonly string[]>();

  async function get(key: LedgerKey): Promise<Item | undefined> {
    const Key = { pk: text(key.pk), sk: text(key.sk) };
    const { Item: item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    return item;
  }

  return {
    async begin(pk, named, attempt): Promise<CopyRow | undefined> {
      const attributes = Object.entries(namedAttributes(named)).filter(([, value]) => value !== undefined);
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: {
              ...Object.fromEntries(attributes),
              pk: text(pk),
              sk: text(named.sk),
              state: text('copying'),
              attempts: { SS: [attempt] },
              expires: number(rows.expires()),
            },
            ConditionExpression: 'attribute_not_exists(pk)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return undefined;
      } catch (error) {
        if (!isAwsError(error, 'ConditionalCheckFailedException')) throw error;
        const { Item: item = {} } = error as { readonly Item?: Item };
        const there = readCopy(item);
        // The reply to our own call was lost, and it was sent again.
        if (there.openAttempts === 1 && item['attempts']?.SS?.[0] === attempt) return undefined;
        if (there.state !== 'copying' && there.openAttempts === 0) return there;
        const key = { pk, sk: named.sk };
        await updateRow(rows, { key, set: {}, open: attempt, condition: 'attribute_exists(#pk)' });
        inherited.set(slotOf(key, attempt), item['failures']?.SS ?? []);
        return there;
      }
    },

    async claim(pk, named, seen): Promise<Claim> {
      const { holds, item } = await updateRow(rows, {
        key: { pk, sk: HEAD },
        set: { ...namedAttributes(named), row: text(named.sk), copied: { BOOL: false } },
        raise: 'turn',
        expiry: named.isDeleted ? 'deletion' : 'never',
        ...claimCondition(named, seen),
      });
      if (holds) return { is: 'claimed', head: readHead(item) };
      if (seen === 'some' && !item) return { is: 'unordered' };
      if (!item || (seen !== undefined && seen !== 'some')) return { is: 'moved' };
      const head = readHead(item);
      return orderOfEvent(head, named) === 'older' ? { is: 'superseded', head } : { is: 'unordered' };
    },

    async head(pk): Promise<Head | undefined> {
      const item = await get({ pk, sk: HEAD });
      return item && readHead(item);
    },

    async confirm(pk, sk, standing) {
      const { holds } = await updateRow(rows, {
        key: { pk, sk: HEAD },
        set: { copied: { BOOL: true }, ...standingAttributes(standing) },
        expiry: 'unchanged',
        condition: '#row = :row',
        values: { row: text(sk) },
      });
      return holds;
    },

    async finish(key, { state, content, copy }: Finish, attempt) {
      await updateRow(rows, {
        key,
        set: {
          state: text(state),
          finished: number(now()),
          ...(content && contentAttributes(content)),
          ...(copy && { copyEtag: text(copy.etag) }),
          ...(copy?.versionId !== undefined && { copyVersion: text(copy.versionId) }),
          error: undefined,
          failed: undefined,
          upload: undefined,
          leaseToken: undefined,
          leaseUntil: undefined,
        },
        close: [attempt, ...(inherited.get(slotOf(key, attempt)) ?? [])],
        // It may have expired.
        condition: 'attribute_exists(#pk)',
      });
    },

    async fail(key, error, attempt) {
      const { holds, item } = await updateRow(rows, {
        key,
        ...(attempt !== undefined && { failed: attempt }),
        set: { error: text(describeError(error).slice(0, MOST_OF_ERROR)), failed: number(now()) },
        condition: 'attribute_exists(#pk) AND #state = :copying',
        values: { copying: text('copying') },
      });
      // Somebody else has ended the row: people need not hear of it.
      if (!holds && item && attempt !== undefined) {
        await updateRow(rows, { key, failed: attempt, set: {}, condition: 'attribute_exists(#pk)' });
      }
    },

    async leave(key, attempt) {
      await updateRow(rows, { key, set: {}, close: [attempt], condition: 'attribute_exists(#pk)' });
    },

    async row(key) {
      const item = await get(key);
      return item && readCopy(item);
    },

    async unfinishedLooks(pk) {
      const looks = (await queryRows(rows, pk, LOOKS)).map(readCopy);
      return looks.filter(({ state }) => state === 'copying');
    },

    async giveUp(key) {
      await updateRow(rows, {
        key,
        set: { state: text('superseded'), finished: number(now()), error: undefined, failed: undefined },
        condition: '#state = :copying AND attribute_not_exists(#upload)',
        values: { copying: text('copying') },
      });
    },
  };
}

/** `orderOfEvent` says `newer`, or the head is as it was seen, in DynamoDB's words. */
function claimCondition(
  { sourceKey, destinationKey, sequencer = '', at }: Named,
  seen: Parameters<Ledger['claim']>[2],
) {
  if (seen === 'none') return { condition: 'attribute_not_exists(#pk)' };
  if (typeof seen === 'number') return { condition: '#turn = :turn', values: { turn: number(seen) } };
  const isSameKey = '#source = :source AND #destination = :destination';
  const isNewer = 'NOT begins_with(#row, :looks) AND (attribute_not_exists(#sequencer) OR #sequencer <= :sequencer)';
  const over = `${isSameKey} AND ${isNewer}`;
  return {
    condition: seen === 'some' ? `${over} AND #at <= :at` : `attribute_not_exists(#pk) OR (${over})`,
    values: {
      source: text(sourceKey),
      destination: text(destinationKey),
      looks: text(LOOKS),
      sequencer: text(sequencer),
      ...(seen === 'some' && { at: number(at) }),
    },
  };
}
