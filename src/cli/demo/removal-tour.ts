import { ListHostedZonesByNameCommand, ListTagsForResourceCommand, Route53Client } from '@aws-sdk/client-route-53';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbedded } from '../../embedded/index.ts';
import type { Plan } from '../../engine/types.ts';
import type { Stage } from './stage.ts';

const PLAN = 'removal.json';
const ZONE = '1.10.in-addr.arpa';

/** What a deleted document means: it is seen, guarded, allowed by a reviewed line, and what has contents stays. */
export async function runRemovalTour(stage: Stage, endpoint: string): Promise<void> {
  stage.heading('Somebody deletes a document');
  rmSync(join(stage.directory, 'config/dns/reverse.yaml'));
  stage.say('config/dns/reverse.yaml is gone. What it made still says whose it is:');
  await stage.run(`plan ${endpoint} --out ${PLAN}`, {
    exit: 4,
    expect: ['1 removed', '✗ guard deletes', '1 to release, 8 to delete'],
  });
  stage.say(
    'A guard stops the whole apply. There is no flag that passes it, only a reviewed line for exactly this plan.',
  );
  await stage.run(`explain ZoneMirror/reverse/Zone ${endpoint}`, {
    lines: 11,
    expect: ['it stays, and our mark goes'],
  });
  stage.say('The zone has contents: it is not deleted, only let go.');

  stage.heading('The line is reviewed, and the plan may go');
  const line = overrideFor(stage);
  appendFileSync(join(stage.directory, 'config/settings.yaml'), `\n  overrides:\n    ${line}\n`);
  stage.say('The line, with a reason, goes under spec.overrides of Settings:');
  stage.say(line);
  await stage.run(`apply ${endpoint} --plan ${PLAN}`, { expect: ['< HostedZone', 'Applied: 9 of 9'] });
  await stage.run(`orphans ${endpoint} --detailed-exitcode`, { expect: ['Orphans: none'] });
  stage.check(
    (await tagsOfReleasedZone(stage)).every((key) => !key.startsWith('trueup:')),
    'the zone is let go',
  );
  stage.say('The zone is still there, without our mark; all else of the mirror is gone. The line allows nothing more.');
}

/** The line that the plan prints, with a reason. */
function overrideFor(stage: Stage): string {
  const { guards } = JSON.parse(readFileSync(join(stage.directory, PLAN), 'utf8')) as Plan;
  const [guard] = guards;
  stage.check(guards.length === 1 && guard?.code === 'deletes', 'one guard stands');
  return (guard?.allow ?? '').replace('"…"', '"the office has moved"');
}

/** Keys of the tags on the zone that the mirror was in. */
async function tagsOfReleasedZone(stage: Stage): Promise<readonly string[]> {
  const account = openEmbedded(join(stage.directory, 'account.json'));
  try {
    const client = account.client(Route53Client, { region: 'us-east-1' });
    const { HostedZones = [] } = await client.send(new ListHostedZonesByNameCommand({ DNSName: ZONE }));
    const id = HostedZones.find(({ Name }) => Name === `${ZONE}.`)?.Id?.replace('/hostedzone/', '');
    stage.check(id !== undefined, 'the zone is still there');
    const { ResourceTagSet } = await client.send(
      new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: id }),
    );
    return (ResourceTagSet?.Tags ?? []).map(({ Key = '' }) => Key);
  } finally {
    account.close();
  }
}
