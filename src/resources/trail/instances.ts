import { TIMELINE_CODE } from '../scheduled-instances/timeline.ts';
import { asObject, objectIn, objectsIn, textIn } from './record.ts';
import { tagsOf } from './reading.ts';
import type { Lookup, Parameters, Subject, TrailRow } from './types.ts';

/** The schedule tags of instances: each instance is looked up by its id. */
export const scheduledInstances: TrailRow = {
  source: 'ec2.amazonaws.com',
  apart: true,
  parts: true,
  lookups: ({ effects, place }: Subject): readonly Lookup[] =>
    effects
      .filter(({ code }) => code === TIMELINE_CODE)
      .flatMap(({ data }) => {
        const key = textIn(asObject(data), 'tagKey') ?? '';
        return objectsIn(asObject(data), 'instances').flatMap((instance): Lookup[] => {
          const { id, before, schedule } = instance as { id?: unknown; before?: string | null; schedule?: string };
          const isHere = instance['account'] === place.account && instance['region'] === place.region;
          if (!isHere || typeof id !== 'string' || before === undefined || before === schedule) return [];
          return [{ names: [id], changes: [{ path: key, before, after: schedule ?? null }] }];
        });
      }),
  writes: {
    CreateTags: (parameters) => ({ fields: {}, tags: tagsOf(tagSet(parameters)) }),
    // Without a value any is deleted; with one, only that.
    DeleteTags: (parameters) => ({
      fields: {},
      tags: Object.fromEntries(tagSet(parameters).map((tag) => [textIn(tag, 'key') ?? '', null])),
    }),
  },
};

function tagSet(parameters: Parameters): readonly Parameters[] {
  return objectsIn(objectIn(parameters, 'tagSet'), 'items');
}
