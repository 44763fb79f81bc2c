import { ChangeResourceRecordSetsCommand, ListHostedZonesByNameCommand, Route53Client } from '@aws-sdk/client-route-53';
import { renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openEmbedded } from '../../embedded/index.ts';
import { loadConfig } from '../../operations/project.ts';
import { startAside } from './aside.ts';
import { runFanOutTour } from './fan-out-tour.ts';
import { runFunctionTour } from './function-tour.ts';
import { runLoopTour } from './loop-tour.ts';
import { runRemovalTour } from './removal-tour.ts';
import { putMachines, runScheduleTour } from './schedule-tour.ts';
import { runSurvivalTour } from './survival-tour.ts';
import type { DemoPrimary } from './primary.ts';
import type { Stage } from './stage.ts';

const ENDPOINT = '--endpoint embedded:account.json';
const ZONE = 'corp.example.com';

/** Documents that have a tour to themselves: what else is told is told without them. */
const WITHHELD = ['config/s3/invoices.yaml', 'config/stats/gene-survival.yaml'];

export async function runTour(stage: Stage, primary: DemoPrimary): Promise<void> {
  const asides = [
    startAside(stage, 'invoices', (aside) => runFanOutTour(aside, ENDPOINT)),
    startAside(stage, 'survival', (aside) => runSurvivalTour(aside, ENDPOINT)),
  ];
  try {
    const putBack = withhold(stage, WITHHELD);
    await runMainTour(stage, primary);
    for (const aside of asides) await aside.tell();
    putBack();
    await showWayOut(stage);
  } finally {
    for (const aside of asides) await aside.ended();
  }
}

async function runMainTour(stage: Stage, primary: DemoPrimary): Promise<void> {
  stage.say('trueup keeps small AWS systems true to YAML in git. Here it mirrors the zones of a name server into');
  stage.say(
    'Route 53, runs machines in office hours, copies new objects to other buckets and computes survival statistics.',
  );
  stage.say('The name server is real, AWS is the embedded account: a file, no network, no keys.');
  stage.say(`name server: ${primary.software} at ${primary.address}`);
  await storeKeys(stage, primary);
  putMachines(stage);

  stage.heading('Is the configuration valid?');
  await stage.run('validate');
  stage.say(
    'Two mirrors, a schedule, the loop and the Settings of the estate. Mistakes are found here, with file, line and column.',
  );

  stage.heading('What would be done?');
  await stage.run(`plan ${ENDPOINT} --out plan.json`, {
    lines: 60,
    expect: ['Plan: 42 to create', 'the next 7 days, Europe/London'],
  });
  stage.say(
    'Two hosted zones and what the primary serves: transferred, signed with the TSIG key, compared. Nothing is written.',
  );

  stage.heading('Apply exactly this plan');
  await stage.run(`apply ${ENDPOINT} --plan plan.json`, { expect: ['Applied: 42 of 42'] });
  stage.say('The plan was made again and every action found in the reviewed one. The serial is written last.');

  stage.heading('Plan again');
  await stage.run(`plan ${ENDPOINT} --detailed-exitcode`, { expect: ['Plan: 0 to create, 0 to update'] });
  stage.say(
    'Nothing is left to do: one SOA query for each mirror, no transfer and no listing, since no serial has moved.',
  );

  stage.heading('Somebody changes a record by hand');
  const victim = await changeBehindOurBack(stage);
  stage.say(`In the console, ${victim} now points to 10.9.9.9.`);

  stage.heading('Drift is found and explained');
  await stage.run(`drift ${ENDPOINT} --detailed-exitcode`, {
    exit: 2,
    expect: ['10.9.9.9', 'by user administrator', '(ChangeResourceRecordSets, exact)'],
  });
  stage.say('Same serial, other content: the primary did not ask for this. CloudTrail tells who did, and when.');

  stage.heading('Heal it');
  await stage.run(`apply ${ENDPOINT} --yes`, { expect: ['Applied: 1 of 1'] });
  await stage.run(`drift ${ENDPOINT} --detailed-exitcode`, { expect: ['Drift: none'] });
  stage.say(
    'One exchange of the exact wrong set for the right one: had somebody changed it once more, it would have failed.',
  );

  stage.heading('The zone changes at the primary');
  const serial = await primary.edit(ZONE, (text) => `${text}\nnew-build 300 IN A 10.1.7.99\n`);
  stage.say(`A host is added, the serial is now ${serial}.`);
  await stage.run(`plan ${ENDPOINT}`, { expect: ['new-build', String(serial)] });
  await stage.run(`apply ${ENDPOINT} --yes`, { expect: ['Applied: 1 of 1'] });
  const exported = await stage.run(`zone export corp ${ENDPOINT}`, { lines: 6, expect: [`new-build.${ZONE}.`] });
  stage.check(exported.includes(String(serial)), 'the mirror serves the new serial');
  await stage.run(`plan ${ENDPOINT} --full --detailed-exitcode`, { expect: ['Plan: 0 to create, 0 to update'] });
  stage.say('Mirrored. Even a full transfer and listing finds nothing to do.');

  await runScheduleTour(stage, ENDPOINT);
  await runFunctionTour(stage, primary, ZONE, ENDPOINT);
  await runRemovalTour(stage, ENDPOINT);
  await runLoopTour(stage, ENDPOINT);
}

async function showWayOut(stage: Stage): Promise<void> {
  stage.heading('The way out');
  await stage.run('render --format cloudformation --out way-out', {
    lines: 4,
    expect: ['to take over what exists', 'CloudFormation of acme-network: 1 template'],
  });
  stage.say(
    'The estate in the words of CloudFormation: a stack takes over what exists. What no template has is listed, with why.',
  );

  stage.heading('What next');
  stage.say('trueup plan --endpoint embedded          the same in your own working directory');
  stage.say('trueup zone transfer DOMAIN --from HOST --format zone     look at a zone of yours');
  stage.say(
    "trueup preview schedule 'mon,tue,wed,thu,fri;0830;mon,tue,wed,thu,fri;1700'     when a tag runs a machine",
  );
  stage.say('trueup survival fit < REQUEST.json          hazard ratios without any service');
  stage.say('trueup demo --keep          this tour again; its folder stays, with the plot survival/volcano.svg');
}

/** Moves documents out of the configuration. @returns what puts them back */
function withhold(stage: Stage, documents: readonly string[]): () => void {
  const moves = documents.map((document) => ({
    from: join(stage.directory, document),
    to: join(stage.directory, basename(document)),
  }));
  for (const { from, to } of moves) renameSync(from, to);
  return () => {
    for (const { from, to } of moves) renameSync(to, from);
  };
}

/** What `aws ssm put-parameter` would do: the key's place is in the configuration, the key is not. */
async function storeKeys(stage: Stage, primary: DemoPrimary): Promise<void> {
  const { project } = await loadConfig(join(stage.directory, 'config'));
  const account = openEmbedded(join(stage.directory, 'account.json'));
  for (const { reference, secret } of primary.keys) {
    account.putSecret(reference, secret, {
      account: project?.defaultAccount.id ?? account.account,
      ...(project && { region: project.settings.defaultRegion }),
    });
  }
  account.close();
}

/** As a person in the console would: past trueup, through Route 53's API. */
async function changeBehindOurBack(stage: Stage): Promise<string> {
  const account = openEmbedded(join(stage.directory, 'account.json'));
  const client = account.client(Route53Client, { region: 'us-east-1' });
  const { HostedZones } = await client.send(new ListHostedZonesByNameCommand({ DNSName: ZONE }));
  const zone = HostedZones?.find(({ Name }) => Name === `${ZONE}.`);
  const name = `vpn.${ZONE}.`;
  const set = { Name: name, Type: 'A', TTL: 60, ResourceRecords: [{ Value: '10.9.9.9' }] } as const;
  await client.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: zone?.Id,
      ChangeBatch: {
        Changes: [{ Action: 'UPSERT', ResourceRecordSet: { ...set, ResourceRecords: [...set.ResourceRecords] } }],
      },
    }),
  );
  account.close();
  return name;
}
