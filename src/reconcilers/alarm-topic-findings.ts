import type { Address, Estate, Finding, Place, Unknown } from '../engine/types.ts';
import { topicPermissions, topicPlace } from '../resources/topics.ts';
import { asksIn } from './readers.ts';
import type { Ask, Readers } from './readers.ts';

/** Whose alarm it is, and where it stands. */
interface AlarmAt {
  readonly document: Address;
  readonly place: Place;
  /** That names the topic; default: of Settings. */
  readonly field?: string;
}

const OF_SETTINGS = 'spec.notify.sns of Settings';

/**
 * Whether the topic of Settings would hear of a document's alarm. CloudWatch does not look whether a topic exists (user
 * guide, "Using Amazon CloudWatch alarms"), and refuses one of another region. Nothing is asked where Settings name none.
 */
export async function alarmTopicFindings(
  { document, place, field = OF_SETTINGS }: AlarmAt,
  { alarmTopic }: Estate,
  topic: Readers['topic'],
): Promise<readonly Finding[]> {
  if (alarmTopic === undefined) return [];
  const { name, ...home } = topicPlace(alarmTopic);
  if (home.region !== place.region) return [{ document, ...elsewhere(alarmTopic, home, { alarm: place, field }) }];
  const state = await topic(home, alarmTopic);
  if (state === 'present') return [];
  if (state === 'absent') return [{ document, ...missing(alarmTopic, name, { ...home, field }) }];
  return [{ document, ...notChecked(alarmTopic, home.account, state) }];
}

/** What that asks of IAM. */
export function alarmTopicAsks({ region }: Place, { alarmTopic }: Estate): readonly Ask[] {
  if (alarmTopic === undefined) return [];
  const home = topicPlace(alarmTopic);
  return home.region === region ? asksIn(home, topicPermissions(alarmTopic)) : [];
}

type Judgement = Omit<Finding, 'document'>;

function elsewhere(
  arn: string,
  { region }: Place,
  { alarm, field }: { readonly alarm: Place; readonly field: string },
): Judgement {
  return {
    code: 'topic-elsewhere',
    severity: 'blocks',
    message: `the alarm is to tell the topic ${arn}, which is in ${region}, and CloudWatch refuses an alarm in ${alarm.region} that does`,
    hint: `name a topic in ${alarm.region} in ${field}, or take it out`,
  };
}

function missing(arn: string, name: string, { account, region, field }: Place & { readonly field: string }): Judgement {
  return {
    code: 'no-such-topic',
    severity: 'warning',
    message: `the topic ${arn} does not exist: the alarm would tell nobody`,
    hint: `in account ${account}: aws sns create-topic --name ${name} --region ${region}; or correct ${field}`,
  };
}

function notChecked(arn: string, account: string, { reason, detail }: Unknown): Judgement {
  const mend =
    reason === 'denied' ? `allow sns:GetTopicAttributes to the plan role of account ${account}` : 'try again';
  return {
    code: 'topic-not-checked',
    severity: 'info',
    message: `whether the topic ${arn} exists, which is to hear of the alarm, could not be seen (${detail})`,
    hint: `${mend}, or look yourself: aws sns get-topic-attributes --topic-arn ${arn}`,
  };
}
