import { documentAddress } from '../../engine/address.ts';
import type { Document, Estate, Finding } from '../../engine/types.ts';
import { cadenceOf, windowOf } from './cadence.ts';
import { KIND, rivalsOf } from './places.ts';
import type { InstanceSchedule } from './places.ts';

/** What follows from the documents alone. */
export function check(document: InstanceSchedule, estate: Estate, all: readonly Document[]): readonly Finding[] {
  return [...claims(document, estate, all), ...windows(document)];
}

/** Two functions that go by the same tag in the same place would both act. */
function claims(document: InstanceSchedule, estate: Estate, all: readonly Document[]): readonly Finding[] {
  return rivalsOf(document, estate)
    .filter(({ tagKey }) => tagKey === document.spec.tagKey)
    .map((rival): Finding => {
      const other = all.find((one) => one.kind === KIND && documentAddress(one) === rival.document);
      const where = other ? ` (${other.source.file}:${other.source.line})` : '';
      const [place] = rival.places;
      return {
        document: documentAddress(document),
        code: 'tag-claimed-twice',
        severity: 'blocks',
        message: `${rival.document}${where} goes by the tag ${rival.tagKey} too, in ${place?.region ?? ''} of ${place?.account ?? ''}: both would act on the same instances`,
        hint: 'give one of the two another spec.tagKey, or put their schedules into one document',
      };
    });
}

/** A run that comes late by a minute must still see what fell due since the last. */
function windows(document: InstanceSchedule): readonly Finding[] {
  const { spec } = document;
  const cadence = cadenceOf(spec.every);
  if (spec.mode === 'desired' || !cadence) return [];
  const window = windowOf(spec);
  const isUneven = cadence.longest > cadence.shortest && window < cadence.longest;
  if (window >= cadence.shortest + 1 && !isUneven) return [];
  const why = isUneven
    ? `${spec.every} leaves up to ${cadence.longest} minutes between two runs`
    : `a run of ${spec.every} that comes a minute late misses what fell due at the beginning of its window`;
  return [
    {
      document: documentAddress(document),
      code: 'window-narrow',
      severity: 'warning',
      message: `runs look back ${window} minutes, and ${why}: a start or stop in between never happens`,
      hint: isUneven
        ? 'write mode: desired, which makes up for what was missed, or an even schedule under spec.every'
        : `window: ${cadence.shortest + 2}m`,
    },
  ];
}
