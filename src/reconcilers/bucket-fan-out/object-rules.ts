import { parseSize } from '../../engine/size.ts';
import type { KeyRewrite, ObjectFilter } from '../../fan-out/types.ts';
import type { BucketFanOutSpec } from './spec.gen.ts';

/** Sizes are read: schemas admit nothing that is no size. */
export function filterOf({ filter }: Pick<BucketFanOutSpec, 'filter'>): ObjectFilter {
  const { prefix, suffix, minSize, maxSize } = filter;
  return {
    ...(prefix !== undefined && { prefix }),
    ...(suffix !== undefined && { suffix }),
    ...(minSize !== undefined && { minSize: parseSize(minSize) ?? 0 }),
    ...(maxSize !== undefined && { maxSize: parseSize(maxSize) ?? 0 }),
  };
}

export function rewriteOf({ key }: Pick<BucketFanOutSpec, 'key'>): KeyRewrite {
  const { strip, replace } = key;
  return { ...(strip !== undefined && { strip }), ...(replace.length > 0 && { replace }) };
}
