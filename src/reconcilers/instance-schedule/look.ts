import { documentAddress } from '../../engine/address.ts';
import type { Estate, Finding, Place } from '../../engine/types.ts';
import { instancesFinding } from '../../resources/scheduled-instances/instances-finding.ts';
import { alarmTopicFindings } from '../alarm-topic-findings.ts';
import type { Readers } from '../readers.ts';
import { homeOf, rivalsOf } from './places.ts';
import type { InstanceSchedule, Rival } from './places.ts';

/** Instances that two documents act on, and whether anybody hears of the function's alarm. */
export async function look(document: InstanceSchedule, estate: Estate, readers: Readers): Promise<readonly Finding[]> {
  const alarm = { document: documentAddress(document), place: homeOf(document, estate) };
  const [claims, topic] = await Promise.all([
    claimedTwice(document, estate, readers.instances),
    alarmTopicFindings(alarm, estate, readers.topic),
  ]);
  return [...claims, ...topic];
}

/** Instances that carry the tags of two documents: both act on them. Nothing is asked where no other document could. */
async function claimedTwice(
  document: InstanceSchedule,
  estate: Estate,
  instances: Readers['instances'],
): Promise<readonly Finding[]> {
  const { tagKey } = document.spec;
  /** Those with this document's tag, once a place however many rivals act there. */
  const looks = new Map<string, ReturnType<Readers['instances']>>();
  const findings = await Promise.all(
    rivalsOf(document, estate)
      .filter((rival) => rival.tagKey !== tagKey)
      .map((rival) => claimedBy(rival)),
  );
  return findings.flat();

  function tagged(place: Place): ReturnType<Readers['instances']> {
    const key = `${place.account}/${place.region}`;
    const asked = looks.get(key) ?? instances(place, [tagKey]);
    looks.set(key, asked);
    return asked;
  }

  async function claimedBy(rival: Rival): Promise<readonly Finding[]> {
    const found = await Promise.all(rival.places.map(tagged));
    // What could not be looked at is said where the tags are compared.
    const seen = found.flatMap((one) => ('state' in one ? [] : one));
    const ids = seen.filter(({ tags }) => tags[rival.tagKey] !== undefined).map(({ id }) => id);
    return instancesFinding({
      document: documentAddress(document),
      instances: ids,
      code: 'claimed-by-two-schedules',
      severity: 'warning',
      message: (what, are) =>
        `${what} ${are} claimed by ${rival.document} too, by the tag ${rival.tagKey}, and both act`,
      hint: `take the tag ${tagKey} or the tag ${rival.tagKey} away`,
    });
  }
}
