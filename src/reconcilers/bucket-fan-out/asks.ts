import type { Estate } from '../../engine/types.ts';
import { foreignNotificationsPermissions } from '../../resources/bucket-notification/foreign.ts';
import { bucketViewPermissions } from '../../resources/bucket-view.ts';
import { capacityPermissions } from '../../resources/function-capacity.ts';
import { alarmTopicAsks } from '../alarm-topic-findings.ts';
import { asksIn } from '../readers.ts';
import type { Ask } from '../readers.ts';
import { alarmEstate } from './alarms.ts';
import { questionOf } from './looking.ts';
import { homeOf, sourceOf, targetsOf } from './places.ts';
import type { BucketFanOut } from './places.ts';

/** What `look` asks of IAM. Whether a function exists is asked for the function itself already. */
export function asks(document: BucketFanOut, estate: Estate): readonly Ask[] {
  const home = homeOf(document, estate);
  const source = sourceOf(document, estate);
  const buckets = [source, ...targetsOf(document, estate).map(({ destination }) => destination)];
  return [
    ...buckets.flatMap((bucket) => {
      const question = questionOf(bucket, source, estate);
      return asksIn(question.from, bucketViewPermissions(question));
    }),
    ...asksIn(home, foreignNotificationsPermissions(home, source.bucket)),
    ...asksIn(home, capacityPermissions()),
    ...alarmTopicAsks(home, alarmEstate(document, estate)),
  ];
}
