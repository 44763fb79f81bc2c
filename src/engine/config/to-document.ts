import type { Document, Pause } from '../types.ts';
import { valueAt, type Candidate } from './candidate.ts';
import { complete, type SchemaWalk } from './schema-walk.ts';
import { positionOf } from './source-text.ts';
import { isPlainMap, type PlainMap } from './yaml-value.ts';

function pauseOf({ until, reason, ref }: PlainMap): Pause {
  return { until: String(until), reason: String(reason), ...(typeof ref === 'string' && { ref }) };
}

/** A valid candidate with the defaults of its kind filled in. */
export function toDocument({ source, yaml, kind, name = '' }: Candidate, walk: SchemaWalk): Document {
  const value = complete(walk, kind, yaml.value);
  const metadata = valueAt(value, 'metadata');
  const pause = valueAt(metadata, 'pause');
  const onRemove = valueAt(metadata, 'onRemove');
  const formerly = valueAt(metadata, 'formerly');
  return {
    kind,
    name,
    formerly: Array.isArray(formerly) ? formerly.map(String) : [],
    protect: valueAt(metadata, 'protect') === true,
    adopt: valueAt(metadata, 'adopt') === true,
    ...(isPlainMap(pause) && { pause: pauseOf(pause) }),
    ...((onRemove === 'release' || onRemove === 'delete') && { onRemove }),
    spec: valueAt(value, 'spec'),
    source: { file: source.file, line: positionOf(source, yaml.root.range[0]).line },
  };
}
