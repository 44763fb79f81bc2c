import { buildZone } from '../dns/zone.ts';
import { parseName } from '../dns/name.ts';
import { fromRoute53 } from '../dns/route53.ts';
import type { Zone } from '../dns/types.ts';
import { AwsError } from '../aws/errors.ts';
import { observeDocument } from '../engine/observe.ts';
import { kindOf } from '../engine/world.ts';
import type { Document } from '../engine/types.ts';
import type { ZoneMirrorSpec } from '../reconcilers/zone-mirror/spec.gen.ts';
import { HOSTED_ZONE, zoneName } from '../resources/aws-route53-hosted-zone.ts';
import { listRecordSets } from '../resources/record-sets/listing.ts';
import { route53Of } from '../resources/route53-client.ts';
import { worldOptions } from './plan.ts';
import type { CommandOptions } from './plan.ts';
import type { Project } from './project.ts';
import { connect, createWorld } from './world.ts';

export interface ExportedZone {
  readonly zone: Zone;
  /** Sets that a master file cannot say: aliases, routing policies. */
  readonly leftOut: readonly string[];
}

/** What Route 53 holds for a mirror, as a zone. */
export async function exportZone(project: Project, name: string, options: CommandOptions): Promise<ExportedZone> {
  const document = findMirror(project, name);
  const place = project.estate.place(document.spec.account, document.spec.region);
  const chosen = worldOptions(options, { role: 'plan', listing: 'when-moved' });
  const aws = connect(project, chosen);
  const id = document.spec.hostedZone.id ?? (await findZone());
  const sets = await listRecordSets(await route53Of(aws, place), id);
  const origin = parseName(zoneName(document.spec.domain), 'decimal');
  const plain = sets.map((listed) => ({ listed, set: fromRoute53(listed) }));
  const records = plain.flatMap(
    ({ set }) => set?.rdata.map((rdata) => ({ name: set.name, type: set.type, ttl: set.ttl, rdata })) ?? [],
  );
  const leftOut = plain.flatMap(({ listed, set }) => (set ? [] : [`${listed.Name ?? ''} ${listed.Type ?? ''}`]));
  return { zone: buildZone(origin, records), leftOut };

  async function findZone(): Promise<string> {
    const world = createWorld(project, aws, chosen);
    const resources = kindOf(world, document).compile(document, world.estate);
    const [seen] = await observeDocument(
      world,
      document,
      resources.filter(({ type }) => type === HOSTED_ZONE),
      '',
    );
    if (seen?.observation.state === 'present') return seen.observation.resource;
    if (seen?.observation.state === 'unknown')
      throw new AwsError('TU2020', `the hosted zone of ${name} could not be looked at: ${seen.observation.detail}`);
    throw new AwsError('TU2021', `ZoneMirror/${name} has no hosted zone yet`, {
      hint: 'make it: trueup plan, then trueup apply',
    });
  }
}

/** @param missing what there is not, where there is none. */
export function findMirror(project: Project, name: string, missing = 'no ZoneMirror'): Document<ZoneMirrorSpec> {
  const mirrors = project.documents.filter(
    (document): document is Document<ZoneMirrorSpec> => document.kind === 'ZoneMirror',
  );
  const found = mirrors.find((document) => document.name === name);
  if (found) return found;
  const known = mirrors.map((document) => document.name).join(', ') || 'none';
  throw new AwsError('TU2022', `there is ${missing} named ${name}`, { hint: `mirrors: ${known}` });
}
