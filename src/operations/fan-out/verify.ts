import type {
  CollidingKey,
  ComparedKey,
  ExtraKey,
  FanOutVerifyResult,
  UnmappableKey,
  VerifiedDestination,
} from '../../fan-out/verify-result.ts';
import type { Project } from '../project.ts';
import { compareTarget } from './compare.ts';
import type { Compared, Settled } from './compare.ts';
import { openFanOut } from './open.ts';
import type { FanOutOptions, FanOutTarget } from './open.ts';

export interface FanOutVerifyOptions extends FanOutOptions {
  /** Only keys of the source that begin so. */
  readonly prefix?: string;
}

interface Lists {
  readonly missing: ComparedKey[];
  readonly stale: ComparedKey[];
  readonly extra: ExtraKey[];
  readonly collisions: CollidingKey[];
  readonly unmappable: UnmappableKey[];
}

/** Holds the destinations against the source. Writes nothing. @throws FanOutNameError */
export async function fanOutVerify(project: Project, options: FanOutVerifyOptions): Promise<FanOutVerifyResult> {
  const session = await openFanOut(project, options);
  const { address, targets, aws } = session;
  const lists: Lists = { missing: [], stale: [], extra: [], collisions: [], unmappable: [] };
  const destinations: VerifiedDestination[] = [];
  let complete = true;
  // One after the other: of each the keys are held.
  for (const target of targets) {
    const compared = await compareTarget(session, target, {
      prefix: options.prefix,
      wantsExtras: true,
      stop: options.stop,
      onDifference: (difference) => enter(lists, target, difference),
      onProgress: (objects) =>
        options.reporter?.onStep(address, `${target.name}  ${objects.toLocaleString('en-US')} objects`),
    });
    complete &&= compared.isAll;
    destinations.push(countsOf(target, compared, lists));
  }
  const isClean = Object.values(lists).every((list: readonly unknown[]) => list.length === 0);
  return {
    format: 'trueup/fan-out-verify@1',
    document: address,
    ok: isClean && complete,
    complete,
    ...lists,
    destinations,
    calls: aws.calls(),
  };
}

function enter(lists: Lists, { name: destination }: FanOutTarget, difference: Settled): void {
  switch (difference.is) {
    case 'missing':
      lists.missing.push({ destination, key: difference.source.key, copyKey: difference.destinationKey });
      return;
    case 'stale':
      lists.stale.push({ destination, key: difference.source.key, copyKey: difference.copy.key });
      return;
    case 'extra':
      lists.extra.push({ destination, key: difference.copy.key });
      return;
    case 'collision': {
      const { source, destinationKey: copyKey, with: other } = difference;
      lists.collisions.push({ destination, key: source.key, copyKey, with: other });
      return;
    }
    case 'unmappable':
      lists.unmappable.push({ destination, key: difference.source.key, why: difference.fault });
  }
}

function countsOf({ name }: FanOutTarget, compared: Compared, lists: Lists): VerifiedDestination {
  const own = (list: readonly { readonly destination: string }[]): number =>
    list.filter(({ destination }) => destination === name).length;
  return {
    destination: name,
    objects: compared.objects,
    equal: compared.equal,
    missing: own(lists.missing),
    stale: own(lists.stale),
    extra: compared.toldExtras ? own(lists.extra) : null,
    kept: compared.toldExtras ? compared.kept : null,
    collisions: own(lists.collisions),
    unmappable: own(lists.unmappable),
  };
}
