import { tagsOf } from '../resources/marker.ts';
import type { Tag } from '../resources/marker.ts';
import type { Declaration, Form } from './rows.ts';

/** API Gateway's resources take their tags as a map, where all others take a list. */
export function tagMapForm({ properties }: Declaration): Form {
  const { Tags, ...rest } = properties;
  return { properties: { ...rest, ...(Tags !== undefined && { Tags: tagsOf(Tags as unknown as readonly Tag[]) }) } };
}
