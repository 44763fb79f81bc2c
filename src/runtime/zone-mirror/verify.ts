import type { Aws } from '../../aws/clients.ts';
import { foldName, parseName } from '../../dns/name.ts';
import type { VerifyCheck } from '../../engine/types.ts';
import type { VerifyAnswer } from '../../resources/record-sets/function-contract.ts';
import { listProtections, readApexSoa } from '../../resources/record-sets/listing.ts';
import { SourceFailure } from '../../resources/record-sets/source.ts';
import type { SourceReader } from '../../resources/record-sets/source.ts';
import { route53Of } from '../../resources/route53-client.ts';
import type { Configuration } from './configuration.ts';
import type { MirrorWorld } from './mirror-world.ts';
import type { Resolver } from './serial-memory.ts';
import { compareAnswers } from './verify-answers.ts';
import { compareRecords } from './verify-records.ts';

/** Is everything there that a pass needs, and do the mirror's clients hear what the primary says? Writes nothing. */
export async function answerVerify(
  aws: Aws,
  configuration: Configuration,
  mirror: MirrorWorld,
  sources: SourceReader,
  resolver: Resolver | undefined,
): Promise<VerifyAnswer> {
  const { properties, place } = mirror.target;
  const { Source } = properties;
  const soa = await attempt('primary', async () => {
    const { primary, soa: found, lagging } = await sources.soa(Source, place);
    const behind = lagging.length > 0 ? `; silent or behind: ${lagging.join(', ')}` : '';
    return { detail: `${primary} answers over TCP and serves serial ${found.serial}${behind}` };
  });
  const transfer = await attempt('transfer', async () => {
    const found = await sources.zone(Source, place);
    const { records } = found.zone;
    return { detail: `${found.primary} transfers the zone: ${records.toLocaleString('en-US')} records`, found };
  });
  const route53 = await attempt('route-53', () => lookAtRoute53(aws, mirror));
  const checks = [soa.check, transfer.check, route53.check];
  const source = transfer.value?.found;
  if (source && route53.value) {
    checks.push((await attempt('records', () => compareRecords(configuration, mirror))).check);
  }
  if (source && resolver) checks.push((await attempt('answers', () => compareAnswers(mirror, source, resolver))).check);
  return { checks };
}

/** The zone as it stands there, whatever the primary says. */
async function lookAtRoute53(aws: Aws, { target }: MirrorWorld): Promise<{ readonly detail: string }> {
  const { HostedZoneId: id, Source } = target.properties;
  const client = await route53Of(aws, target.place);
  const apex = await readApexSoa(client, id, Source.Domain);
  if (apex?.set.name !== foldName(parseName(Source.Domain, 'decimal'))) {
    throw new Error(`the hosted zone ${id} is not that of ${Source.Domain}`);
  }
  await listProtections(client, id);
  return { detail: `the hosted zone ${id} can be read; it serves serial ${apex.soa.serial}` };
}

async function attempt<Value extends { readonly detail: string }>(
  name: string,
  look: () => Promise<Value>,
): Promise<{ readonly check: VerifyCheck; readonly value?: Value }> {
  try {
    const value = await look();
    return { check: { name, ok: true, detail: value.detail }, value };
  } catch (error) {
    const hint = error instanceof SourceFailure && error.hint ? ` ${error.hint}` : '';
    return { check: { name, ok: false, detail: `${error instanceof Error ? error.message : String(error)}${hint}` } };
  }
}
