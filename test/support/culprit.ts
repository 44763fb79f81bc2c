import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import { judge } from '../../src/resources/trail/judge.ts';
import { readRecord } from '../../src/resources/trail/record.ts';
import { TRAIL_ROWS } from '../../src/resources/trail/rows.ts';
import type { Subject } from '../../src/resources/trail/types.ts';
import { HERE } from './fake-world.ts';

/** Which event changed an object and how surely, by all that the history has under the names that its row gives. */
export async function culpritOf(account: EmbeddedAccount, subject: Subject): Promise<string | undefined> {
  const trail = account.client(CloudTrailClient, HERE);
  const row = TRAIL_ROWS.get(subject.type)!;
  const [lookup] = row.lookups(subject);
  const pages = lookup!.names.map((AttributeValue) =>
    trail.send(new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue }] })),
  );
  const events = (await Promise.all(pages)).flatMap(({ Events = [] }) => Events);
  const records = events.flatMap(({ CloudTrailEvent }) => readRecord(CloudTrailEvent) ?? []);
  const ours = { applyRole: undefined, functionRoles: new Set<string>() };
  const { culprit } = judge(records, { row, subject, lookup: lookup!, ours });
  return culprit && `${culprit.event}, ${culprit.confidence}`;
}
