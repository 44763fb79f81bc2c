import type { EmbeddedAccount } from '../embedded/index.ts';
import type { Project } from '../operations/project.ts';
import { isFanOut, sourceOf, targetsOf } from '../reconcilers/bucket-fan-out/places.ts';

/**
 * Somebody's own fan-out names buckets that the embedded account cannot know. They are made up there, of whatever account
 * the document says: a first plan is about the fan-out, and not about what is missing.
 */
export function makeUpBuckets(
  { documents, estate }: Project,
  account: EmbeddedAccount,
  note: (text: string) => void,
): void {
  const buckets = documents
    .filter(isFanOut)
    .flatMap((document) => [
      sourceOf(document, estate),
      ...targetsOf(document, estate).map(({ destination }) => destination),
    ]);
  const made = buckets
    .filter(({ bucket, ...place }) => account.inventBucket(bucket, place))
    .map(({ bucket }) => bucket);
  if (made.length > 0) note(`The embedded account has no bucket ${made.join(', no bucket ')}: made up.`);
}
