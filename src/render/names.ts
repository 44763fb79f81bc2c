import type { Place } from '../engine/types.ts';

/** Parameters of a template with functions: the bucket that holds their zips, and what their keys begin with. */
export const HANDLERS_BUCKET = 'HandlersBucket';
export const HANDLERS_PREFIX = 'HandlersPrefix';

/** Default of the prefix, and the folder that `--out` writes. */
export const HANDLERS_FOLDER = 'handlers/';

/** `111122223333-eu-west-1`. */
export function placeName({ account, region }: Place): string {
  return `${account}-${region}`;
}
