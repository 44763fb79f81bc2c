import { notEmbedded } from '../not-embedded.ts';

/** @throws NotEmbedded for the first of these fields that a request has: what would be ignored is refused. */
export function refuseFields(input: object, fields: readonly string[]): void {
  const present = Object.entries(input).find(([field, value]) => value !== undefined && fields.includes(field));
  if (present !== undefined) throw notEmbedded(`S3 requests with ${present[0]}`);
}
