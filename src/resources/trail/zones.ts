import { foldName, parseName } from '../../dns/name.ts';
import { foldRdata } from '../../dns/rdata.ts';
import { fromRoute53 } from '../../dns/route53.ts';
import { canonical } from '../../engine/value.ts';
import type { Value } from '../../engine/types.ts';
import { RECORDS_PATH } from '../record-sets/comparison.ts';
import { asObject, objectIn, objectsIn, textIn } from './record.ts';
import { removes, tagsOf } from './reading.ts';
import { HIDDEN } from './types.ts';
import type { Lookup, Parameters, Subject, TrailRow, Written } from './types.ts';

const SOURCE = 'route53.amazonaws.com';

/** The id as CloudTrail lists it, and as ARNs and answers write it. An id of a zone that is gone is not known. */
function byZone(subject: Subject, changes = subject.changes): readonly Lookup[] {
  const id = subject.resource.replace(/^\/?hostedzone\//, '');
  if (!/^Z[A-Z0-9]{1,31}$/.test(id)) return [{ names: [], changes }];
  return [{ names: [id, `hostedzone/${id}`], changes }];
}

export const hostedZones: TrailRow = {
  source: SOURCE,
  global: true,
  apart: true,
  lookups: (subject) => byZone(subject),
  writes: {
    AssociateVPCWithHostedZone: (parameters, subject) => ({ fields: { VPCs: vpcsAfter(parameters, subject, true) } }),
    ChangeTagsForResource: ({ addTags, removeTagKeys }) => ({
      fields: {},
      tags: {
        ...Object.fromEntries(Array.isArray(removeTagKeys) ? removeTagKeys.map((key) => [String(key), null]) : []),
        ...tagsOf(addTags),
      },
    }),
    DeleteHostedZone: removes,
    DisassociateVPCFromHostedZone: (parameters, subject) => ({
      fields: { VPCs: vpcsAfter(parameters, subject, false) },
    }),
    UpdateHostedZoneComment: ({ comment }) => ({ fields: { HostedZoneConfig: { comment } } }),
  },
};

/** All that are found, if what the request did to one of them is what is found. */
function vpcsAfter({ vPC }: Parameters, { changes }: Subject, isThere: boolean): unknown {
  const id = textIn(asObject(vPC), 'vPCId');
  const found = changes.find(({ path }) => path === 'VPCs')?.before;
  const isFound = objectsIn({ found }, 'found').some((vpc) => textIn(vpc, 'VPCId') === id);
  return isFound === isThere ? found : HIDDEN;
}

/** The records of a zone. Each that differs is a change of its own, under its name and type. */
export const recordSets: TrailRow = {
  source: SOURCE,
  global: true,
  apart: true,
  lookups(subject) {
    const effect = subject.effects.find(({ code }) => code === 'dns.records');
    const records = objectsIn(asObject(effect?.data), 'records');
    const changes = records.map((record) => {
      const name = textIn(record, 'name') ?? '';
      const type = textIn(record, 'type') ?? '';
      return { path: keyOf(parseName(name, 'decimal'), type), before: foundIn(record), after: null };
    });
    // Where nothing tells which records differ, whoever wrote to the zone may have done it.
    return byZone(subject, changes.length > 0 ? changes : subject.changes);
  },
  writes: {
    ChangeResourceRecordSets(parameters): Written {
      const requested = objectsIn(objectIn(parameters, 'changeBatch'), 'changes');
      return { fields: { [RECORDS_PATH]: HIDDEN, ...Object.fromEntries(requested.flatMap(writtenSet)) } };
    },
    DeleteHostedZone: removes,
  },
};

/** A DELETE leaves nothing behind; what is no plain set is written, and not understood. */
function writtenSet(change: Parameters): readonly (readonly [string, unknown])[] {
  const set = objectIn(change, 'resourceRecordSet');
  const [name, type] = [textIn(set, 'name'), textIn(set, 'type')];
  if (name === undefined || type === undefined) return [];
  const absolute = name.endsWith('.') ? name : `${name}.`;
  const key = keyIn(absolute, type);
  if (key === undefined) return [];
  if (change['action'] === 'DELETE') return [[key, null]];
  const values = objectsIn(set, 'resourceRecords').map((record) => textIn(record, 'value') ?? '');
  const isPlain = set['aliasTarget'] === undefined && set['setIdentifier'] === undefined;
  return [[key, (isPlain ? contentOf(absolute, type, set['tTL'], values) : undefined) ?? HIDDEN]];
}

/** The set as it is found; null: none. */
function foundIn(record: Parameters): Value {
  const before = objectIn(record, 'before');
  const values = before['values'];
  if (!Array.isArray(values)) return null;
  const name = textIn(record, 'name') ?? '';
  return contentOf(name, textIn(record, 'type') ?? '', before['ttl'], values.map(String), 'decimal') ?? null;
}

/** A set's content in one spelling, whatever the order and the writing of its values. */
function contentOf(
  name: string,
  type: string,
  ttl: unknown,
  values: readonly string[],
  escapes: 'decimal' | 'octal' = 'octal',
): string | undefined {
  // The name is not compared: any that can be parsed will do.
  const Name = escapes === 'octal' ? name : 'x.';
  const set = fromRoute53({ Name, Type: type, TTL: Number(ttl), ResourceRecords: values.map((Value) => ({ Value })) });
  if (!set) return undefined;
  const rdata = set.rdata.map((data) => foldRdata(set.type, data)).sort();
  return canonical([set.ttl, rdata]);
}

function keyIn(name: string, type: string): string | undefined {
  try {
    return keyOf(parseName(name, 'octal'), type);
  } catch {
    return undefined;
  }
}

function keyOf(name: string, type: string): string {
  return `${type} ${foldName(name)}`;
}
