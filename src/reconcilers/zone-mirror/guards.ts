import { documentAddress } from '../../engine/address.ts';
import type { Action, Document, GuardTrip } from '../../engine/types.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

/** Record sets that would go: a truncated or wrong zone at the primary looks exactly like a clean-up. */
export function guards(document: Document<ZoneMirrorSpec>, actions: readonly Action[]): readonly GuardTrip[] {
  const { count, percent, from } = document.spec.guards.deletes;
  return actions.flatMap(({ changes }) =>
    changes.flatMap(({ extent }) => {
      if (!extent) return [];
      const share = (100 * extent.delete) / Math.max(1, extent.population);
      const isShrinking = extent.population >= from && share > percent;
      if (extent.delete <= count && !isShrinking) return [];
      const limit = isShrinking ? `limit ${percent} %` : `limit ${count}`;
      return [
        {
          code: 'deletes',
          document: documentAddress(document),
          message: `${documentAddress(document)} would lose ${grouped(extent.delete)} of ${grouped(extent.population)} record sets (${share.toFixed(1)} %, ${limit})`,
          hint:
            'usual causes: the primary serves a truncated or other zone; exclude changed\n' +
            `compare: trueup zone transfer ${document.spec.domain} --from ${document.spec.primaries[0] ?? ''} --format zone`,
        },
      ];
    }),
  );
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
