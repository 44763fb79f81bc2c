import { documentOf } from '../../engine/address.ts';
import type { Address, Finding } from '../../engine/types.ts';
import type { Instance } from '../instances.ts';
import { instancesFinding } from './instances-finding.ts';
import { createTagReader } from './judge.ts';
import { judgeOptions } from './timeline.ts';
import type { Kept, Selection } from './selection.ts';
import type { ScheduledInstancesProperties } from './types.ts';

/** What is to be known of the instances: tags that say nothing, and selectors that do not get their way. */
export function selectionFindings(
  address: Address,
  properties: ScheduledInstancesProperties,
  instances: readonly Instance[],
  selection: Selection,
): readonly Finding[] {
  const { TagKey } = properties;
  const readTag = createTagReader(judgeOptions(properties));
  const stamped = new Set(selection.changes.map(({ instance }) => instance.id));
  const malformed = instances.flatMap((instance) => {
    const text = instance.tags[TagKey];
    if (text === undefined || stamped.has(instance.id)) return [];
    const reading = readTag(text);
    return 'fault' in reading ? [`${instance.id} (${reading.fault.message})`] : [];
  });
  return [
    ...say(
      malformed,
      'schedule-tag-unreadable',
      'warning',
      (what, are) => `the tag ${TagKey} of ${what} ${are} no schedule`,
      {
        hint: `their owners correct the tag; meanwhile nothing is done to them. Try one: trueup preview schedule 'mon;0700;fri;1800;'`,
      },
    ),
    ...keptFindings(selection.kept),
  ];

  function keptFindings(kept: readonly Kept[]): readonly Finding[] {
    const of = (why: Kept['why']): readonly Kept[] => kept.filter((one) => one.why === why);
    const ids = (list: readonly Kept[]): readonly string[] =>
      list.map(({ instance, by }) => `${instance.id} (${by.join(', ')})`);
    return [
      ...say(
        ids(of('owner')),
        'owner-tag-kept',
        'info',
        (what, are) => `${what} ${are} tagged by the owner, and ${are === 'is' ? 'keeps that' : 'keep those'}`,
        {
          hint: 'override: true in the assignment replaces it and keeps the old value in trueup:stamped-over',
        },
      ),
      ...say(
        ids(of('assigned-twice')),
        'assigned-twice',
        'warning',
        (what, are) =>
          `${what} ${are} found by selectors of different schedules, and left as ${are === 'is' ? 'it is' : 'they are'}`,
        {
          hint: 'make the selectors under spec.assign exclude each other',
        },
      ),
      ...say(
        ids(of('no-room')),
        'no-room-for-tags',
        'warning',
        (what, are) => `${what} ${are} without room for the schedule's tags: EC2 takes 50`,
        { hint: 'take a tag away from each; meanwhile they have no schedule' },
      ),
      ...say(
        ids(of('stamped-by-another')),
        'stamped-by-another',
        'warning',
        (what, are) => `${what} ${are} stamped by another document, and left as ${are === 'is' ? 'it is' : 'they are'}`,
        {
          hint: 'make the selectors of the two documents exclude each other',
        },
      ),
    ];
  }

  function say(
    list: readonly string[],
    code: string,
    severity: Finding['severity'],
    message: (what: string, are: 'is' | 'are') => string,
    { hint }: { readonly hint: string },
  ): readonly Finding[] {
    return instancesFinding({ document: documentOf(address), instances: list, code, severity, message, hint });
  }
}
