import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../src/embedded/index.ts';
import type { Fault } from '../src/embedded/faults.ts';
import type { AdoptResult } from '../src/engine/adoption.ts';
import { adopt } from '../src/operations/adopt.ts';
import { nameOf } from '../src/reconcilers/function/names.ts';
import { renderJson } from '../src/report/json.ts';
import { renderAdopt } from '../src/report/render.ts';
import { temporaryDirectory } from './config/tree.ts';
import { createEstate, mirror } from './support/estate.ts';
import type { EstateOptions, TestEstate } from './support/estate.ts';

const CORP = 'ZoneMirror/corp';
const CANARY = 'canary-4711';

/** A mirror that is declared and was never applied. */
async function declared(options: EstateOptions = {}, metadata = '{ name: corp }'): Promise<TestEstate> {
  const estate = await createEstate(options);
  estate.serve('corp.test', 5, 'www A 10.0.0.2');
  estate.write('corp.yaml', mirror(estate).replace('{ name: corp }', metadata));
  return estate;
}

/** A private zone that somebody made by hand. Its id. */
async function makeZone(client: Route53Client, comment = 'theirs', vpc = 'vpc-0ffffff1'): Promise<string> {
  const { HostedZone } = await client.send(
    new CreateHostedZoneCommand({
      Name: 'corp.test',
      CallerReference: `by-hand-${vpc}`,
      HostedZoneConfig: { Comment: comment, PrivateZone: true },
      VPC: { VPCId: vpc, VPCRegion: 'eu-west-1' },
    }),
  );
  return HostedZone!.Id!.replace('/hostedzone/', '');
}

async function tag(estate: TestEstate, id: string, tags: Readonly<Record<string, string>>): Promise<void> {
  const AddTags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await estate.client.send(new ChangeTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: id, AddTags }));
}

async function lookAt(estate: TestEstate, write = false): Promise<AdoptResult> {
  const endpoint = { kind: 'embedded', account: estate.account } as const;
  return adopt(await estate.load(), { endpoint, document: CORP, write, cwd: estate.directory });
}

function yaml(estate: TestEstate): string {
  return readFileSync(join(estate.directory, 'config/corp.yaml'), 'utf8');
}

/** All calls that any service says are writes. */
function writesIn(estate: TestEstate): number {
  return Object.values(estate.account.calls()).reduce((sum, { writes }) => sum + writes, 0);
}

describe('what would be taken over', () => {
  it('is told with what would change then, and nothing is written', async () => {
    const estate = await declared();
    const id = await makeZone(estate.client);
    const [before, writes] = [yaml(estate), writesIn(estate)];

    const result = await lookAt(estate);

    expect(result).toMatchObject({
      format: 'trueup/adopt@1',
      document: CORP,
      file: 'config/corp.yaml',
      line: 1,
      complete: true,
      declared: false,
      written: false,
      objects: [
        {
          id: `${CORP}/Zone`,
          type: 'AWS::Route53::HostedZone',
          resource: id,
          account: '111122223333',
          region: 'eu-west-1',
          owner: null,
        },
      ],
      findings: [],
    });
    expect(result.objects[0]!.changes.map(({ path, before: was, after }) => [path, was, after])).toEqual([
      ['HostedZoneConfig', { Comment: 'theirs' }, { Comment: 'mirror' }],
      ['VPCs', expect.anything(), expect.anything()],
      ['HostedZoneTags', expect.anything(), [{ Key: 'team', Value: 'network' }]],
    ]);
    expect(result.withheld).toEqual(expect.arrayContaining([`${CORP}/Records`]));
    expect(yaml(estate)).toBe(before);
    // A session of the plan role would count as a write of STS; here there is none.
    expect(writesIn(estate)).toBe(writes);
  });

  it('is what the plan after the takeover says', async () => {
    const estate = await declared();
    await makeZone(estate.client);
    const told = await lookAt(estate, true);
    expect((await estate.plan()).actions.filter(({ action }) => action === 'adopt')).toMatchObject([
      { id: `${CORP}/Zone`, resource: told.objects[0]!.resource, changes: [] },
    ]);

    expect((await estate.apply()).outcome).toBe('applied');
    const zone = (await estate.plan()).actions.find(({ id }) => id === `${CORP}/Zone`);

    const plain = (changes: AdoptResult['objects'][number]['changes']) =>
      changes.map(({ path, before, after }) => ({ path, before, after }));
    expect(plain(told.objects[0]!.changes)).toEqual(plain(zone!.changes));
  });

  it('T29 tells nothing of what is in it', async () => {
    const estate = await declared();
    const id = await makeZone(estate.client);
    await tag(estate, id, { secret: CANARY });
    const set = { Name: 'x.corp.test', Type: 'TXT' as const, TTL: 1, ResourceRecords: [{ Value: `"${CANARY}"` }] };
    await estate.client.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: id,
        ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet: set }] },
      }),
    );

    const result = await lookAt(estate);

    expect(result.objects).toHaveLength(1);
    expect(renderJson(result)).not.toContain(CANARY);
    expect(renderAdopt(result, { format: 'text', width: 80, unicode: true, color: false })).not.toContain(CANARY);
    expect(estate.account.events().map(({ eventName }) => eventName)).not.toContain('ListResourceRecordSets');
  });

  it('is nothing where nothing is there, and where all is ours', async () => {
    const estate = await declared();
    expect(await lookAt(estate, true)).toMatchObject({ objects: [], findings: [], complete: true, written: false });
    expect((await estate.apply()).outcome).toBe('applied');
    const before = yaml(estate);
    expect(await lookAt(estate, true)).toMatchObject({ objects: [], withheld: [], findings: [], written: false });
    expect(yaml(estate)).toBe(before);
  });

  it('is several objects of one document', async () => {
    const estate = await declared();
    await makeZone(estate.client);
    const { documents, estate: known } = await estate.load();
    const logGroupName = `/aws/lambda/${nameOf(documents[0]!, known, 'Mirror')}`;
    const logs = estate.account.client(CloudWatchLogsClient, { region: 'eu-west-1' });
    await logs.send(new CreateLogGroupCommand({ logGroupName }));

    const { objects } = await lookAt(estate);

    expect(objects.map(({ id, owner }) => [id, owner])).toEqual([
      [`${CORP}/Zone`, null],
      [`${CORP}/MirrorLogs`, null],
    ]);
  });
});

describe('what stands in the way is said as plan says it', () => {
  it.each([
    ['another owner', 'beta/ZoneMirror/corp/Zone', 'other-owner'],
    ['another document', 'acme-network/ZoneMirror/office/Zone', 'taken'],
    ['a copied marker', `acme-network/${CORP}/Zone`, 'copied-marker'],
  ])('%s', async (_, marker, code) => {
    const estate = await declared({}, '{ name: corp, adopt: true }');
    const id = await makeZone(estate.client);
    await tag(estate, id, { 'trueup:owner': marker });

    const result = await lookAt(estate);

    expect(result).toMatchObject({ objects: [], complete: true });
    expect(result.findings.map((finding) => finding.code)).toEqual([code]);
    const [planned] = (await estate.plan()).documents;
    expect(result.findings).toEqual(planned!.findings.filter(({ severity }) => severity === 'blocks'));
  });

  it('several that could be meant', async () => {
    const estate = await declared();
    await makeZone(estate.client);
    await makeZone(estate.client, 'theirs', 'vpc-0ffffff2');
    const before = yaml(estate);

    const result = await lookAt(estate, true);

    expect(result).toMatchObject({ objects: [], written: false, findings: [{ code: 'ambiguous' }] });
    expect(yaml(estate)).toBe(before);
  });

  it('an object of a former owner is taken over without the line', async () => {
    const estate = await declared();
    estate.rewrite('settings.yaml', (text) => `${text}  formerly: [acme-old]\n`);
    const id = await makeZone(estate.client);
    await tag(estate, id, { 'trueup:owner': 'acme-old/ZoneMirror/corp/Zone' });
    const before = yaml(estate);

    expect(await lookAt(estate, true)).toMatchObject({
      objects: [{ owner: 'acme-old' }],
      declared: false,
      written: false,
    });
    expect(yaml(estate)).toBe(before);
  });

  it('what cannot be looked at makes it incomplete', async () => {
    const faults: readonly Fault[] = [
      { service: 'cloudwatch-logs', command: '*', nth: 1, times: 1000, fault: 'access-denied' },
    ];
    const estate = await declared({ faults });
    await makeZone(estate.client);

    const result = await lookAt(estate);

    expect(result.complete).toBe(false);
    expect(result.findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['unknown']));
    expect(result.objects).toHaveLength(1);
  });
});

describe('the line', () => {
  const COMMENTED = '# mine\n{ name: corp } # the name';

  it('is written with all else as it was, and then said to be there', async () => {
    const estate = await declared();
    await makeZone(estate.client);
    const file = join(estate.directory, 'config/corp.yaml');
    writeFileSync(file, `\ufeff# head\n${yaml(estate).replace('{ name: corp }', '{ name: corp } # the name')}# foot\n`);
    chmodSync(file, 0o640);
    const before = yaml(estate);
    const writes = writesIn(estate);

    expect(await lookAt(estate, true)).toMatchObject({ declared: true, written: true });

    expect(yaml(estate)).toBe(before.replace('{ name: corp }', '{ name: corp, adopt: true }'));
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(join(estate.directory, 'config')).sort()).toEqual(['corp.yaml', 'settings.yaml']);
    expect(writesIn(estate)).toBe(writes);
    const once = yaml(estate);
    expect(await lookAt(estate, true)).toMatchObject({ declared: true, written: false, objects: [{ owner: null }] });
    expect(yaml(estate)).toBe(once);
  });

  it('is not written where it has no place', async () => {
    const estate = await declared({}, '\n  ? name\n  : corp');
    await makeZone(estate.client);
    const before = yaml(estate);
    await expect(lookAt(estate, true)).rejects.toMatchObject({
      name: 'AdoptError',
      message: 'config/corp.yaml has no place for it that leaves the rest as it is',
    });
    expect(yaml(estate)).toBe(before);
  });

  it('is not written through a link that took the place of the file', async () => {
    const estate = await declared();
    await makeZone(estate.client);
    const project = await estate.load();
    const file = join(estate.directory, 'config/corp.yaml');
    const elsewhere = join(estate.directory, 'elsewhere.yaml');
    writeFileSync(elsewhere, yaml(estate));
    rmSync(file);
    symlinkSync(elsewhere, file);
    const before = readFileSync(elsewhere, 'utf8');
    const endpoint = { kind: 'embedded', account: estate.account } as const;
    const asked = adopt(project, { endpoint, document: CORP, write: true, cwd: estate.directory });
    await expect(asked).rejects.toThrow('config/corp.yaml cannot be changed');
    expect(readFileSync(elsewhere, 'utf8')).toBe(before);
  });

  it('is shown and written by the command line', async () => {
    const directory = await temporaryDirectory();
    const estate = await declared({}, `\n${COMMENTED.replace('{ name: corp }', '  name: corp')}`);
    mkdirSync(join(directory, 'config'));
    for (const file of ['corp.yaml', 'settings.yaml']) {
      writeFileSync(join(directory, 'config', file), readFileSync(join(estate.directory, 'config', file)));
    }
    const account = openEmbedded(join(directory, 'account.json'));
    await makeZone(account.client(Route53Client, { region: 'us-east-1' }));
    account.close();
    const run = (...flags: readonly string[]) => {
      const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
      const args = [cli, 'adopt', '--endpoint', 'embedded:account.json', ...flags];
      const { status, stdout } = spawnSync(process.execPath, args, { cwd: directory, encoding: 'utf8' });
      return { status, stdout };
    };
    const text = (): string => readFileSync(join(directory, 'config/corp.yaml'), 'utf8');
    const before = text();

    const shown = run(CORP);
    expect(shown.status).toBe(0);
    expect(shown.stdout).toContain(`trueup adopt ${CORP} --write`);
    expect(shown.stdout.trimEnd()).toMatch(/Adopt: 1 object to take over\.$/);
    expect(text()).toBe(before);

    const written = run(CORP, '--write', '--format', 'json');
    expect(written.status).toBe(0);
    expect(JSON.parse(written.stdout)).toMatchObject({ format: 'trueup/adopt@1', written: true });
    expect(text()).toBe(before.replace('name: corp # the name\n', 'name: corp # the name\n  adopt: true\n'));
    expect(text()).toContain('# mine\n');

    expect(run(CORP, '--write').stdout).toContain('says adopt: true already');
    expect(run('ZoneMirror/nobody', '--format', 'json')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('"TU2022"'),
    });
  });
});
