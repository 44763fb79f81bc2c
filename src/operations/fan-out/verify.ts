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
import { refusePrefix } from './listings.ts';
import { openFanOut } from './open.ts';
import type { FanOutTarget } from './open.ts';
import type { FanOutOptions } from './options.ts';
import { eachSeen } from './unseen.ts';

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
  refusePrefix(session, options.prefix);
  // One after the other: of each the keys are held.
  const { seen, unseen } = await eachSeen(targets, async (target) => {
    const lists: Lists = { missing: [], stale: [], extra: [], collisions: [], unmappable: [] };
    const compared = await compareTarget(session, target, {
      prefix: options.prefix,
      wantsExtras: true,
      stop: options.stop,
      onDifference: (difference) => enter(lists, target, difference),
      onProgress: (objects) =>
        options.reporter?.onStep(address, `${target.name}  ${objects.toLocaleString('en-US')} objects`),
    });
    return { lists, isAll: compared.isAll, counts: countsOf(target, compared, lists) };
  });
  const all = <Name extends keyof Lists>(name: Name) =>
    seen.flatMap(({ lists }) => lists[name] as readonly Lists[Name][number][]);
  const lists = {
    missing: all('missing'),
    stale: all('stale'),
    extra: all('extra'),
    collisions: all('collisions'),
    unmappable: all('unmappable'),
  };
  const isClean = Object.values(lists).every((list: readonly unknown[]) => list.length === 0);
  const complete = seen.every(({ isAll }) => isAll);
  return {
    format: 'trueup/fan-out-verify@1',
    document: address,
    ok: isClean && complete && unseen.length === 0,
    complete,
    ...lists,
    destinations: seen.map(({ counts }) => counts),
    unseen,
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
  return {
    destination: name,
    objects: compared.objects,
    equal: compared.equal,
    missing: lists.missing.length,
    stale: lists.stale.length,
    extra: compared.toldExtras ? lists.extra.length : null,
    kept: compared.toldExtras ? compared.kept : null,
    collisions: lists.collisions.length,
    unmappable: lists.unmappable.length,
  };
}
