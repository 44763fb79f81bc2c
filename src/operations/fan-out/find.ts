import { documentAddress } from '../../engine/address.ts';
import { didYouMean } from '../../engine/config/suggest.ts';
import { destinationName, isFanOut, targetsOf } from '../../reconcilers/bucket-fan-out/places.ts';
import type { BucketFanOut, Target } from '../../reconcilers/bucket-fan-out/places.ts';
import type { Project } from '../project.ts';

/** No document, or no destination, of that name. */
export class FanOutNameError extends Error {
  override readonly name = 'FanOutNameError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** By its name, or by `kind/name`. @throws FanOutNameError */
export function findFanOut({ documents }: Project, name: string): BucketFanOut {
  const fanOuts = documents.filter(isFanOut);
  const found = fanOuts.find((document) => [document.name, documentAddress(document)].includes(name));
  if (found) return found;
  const names = fanOuts.map((document) => document.name);
  throw new FanOutNameError(`there is no BucketFanOut ${name}`, hintOf(name, names));
}

/**
 * The destinations that a verb is about, in the order of the document.
 *
 * @param wanted buckets, or bucket and prefix; none: all
 * @throws FanOutNameError
 */
export function findTargets(
  document: BucketFanOut,
  { estate }: Pick<Project, 'estate'>,
  wanted: readonly string[] = [],
): readonly Target[] {
  const targets = targetsOf(document, estate);
  const isNamed = ({ destination }: Target, name: string): boolean =>
    destination.bucket === name || destinationName(destination) === name;
  for (const name of wanted) {
    if (targets.some((target) => isNamed(target, name))) continue;
    const names = targets.map(({ destination }) => destinationName(destination));
    throw new FanOutNameError(`${documentAddress(document)} has no destination ${name}`, hintOf(name, names));
  }
  if (wanted.length === 0) return targets;
  return targets.filter((target) => wanted.some((name) => isNamed(target, name)));
}

function hintOf(name: string, names: readonly string[]): string | undefined {
  return didYouMean(name, names) ?? (names.length > 0 ? `one of: ${names.join(', ')}` : undefined);
}
