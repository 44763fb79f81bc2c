import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apply, drift, loadConfig, plan } from 'trueup';
import { parseMasterFile } from 'trueup/dns';
import { openEmbedded, startPrimary } from 'trueup/embedded';
import { temporaryDirectory } from './programs.mjs';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** Of the first version. Not 1: a hosted zone is born with it, so that a mirror of it has to be listed to know. */
const SERIAL = 10;

const ROOM = { hostedZones: 10_000, recordSetsPerZone: 100_000, roles: 10_000, rules: 10_000 };

const SETTINGS = `
apiVersion: trueup/v1
kind: Settings
metadata: { name: estate }
spec:
  owner: bench
  accounts: { prod: { id: "111122223333" } }
  defaultAccount: prod
  defaultRegion: eu-west-1
  permissionsBoundary: trueup-boundary
`;

/** A configuration, an embedded account in memory and a primary, with a mirror for each zone (origin to body). */
export async function openEstate(bodies) {
  const directory = temporaryDirectory();
  const config = join(directory, 'config');
  mkdirSync(config);
  const account = openEmbedded('memory');
  account.setQuotas(ROOM);
  let primary = await servedBy(bodies, SERIAL, 0);
  writeFileSync(join(config, 'settings.yaml'), SETTINGS);
  for (const origin of Object.keys(bodies)) {
    writeFileSync(join(config, `${nameOf(origin)}.yaml`), mirrorOf(origin, primary.port));
  }
  const options = { endpoint: { kind: 'embedded', account } };

  return {
    apply: async () => succeeded((await apply(await load(config), options)).result),
    plan: async (more) => plan(await load(config), { ...options, ...more }),
    drift: async () => drift(await load(config), options),
    /** Calls by service so far, reads and writes together. */
    calls: () => Object.values(account.calls()).reduce((sum, { reads, writes }) => sum + reads + writes, 0),
    /** Serves these zones instead, with the next serial, on the same port. */
    async serve(changed) {
      const { port } = primary;
      await primary.close();
      primary = await servedBy(changed, SERIAL + 1, port);
    },
    async close() {
      await primary.close();
      account.close();
      rmSync(directory, { recursive: true });
    },
  };
}

function servedBy(bodies, serial, port) {
  const zones = Object.entries(bodies).map(([origin, body]) =>
    parseMasterFile(
      `$ORIGIN ${origin}.\n$TTL 300\n@ SOA ns1 host ${serial} 3600 600 86400 60\n@ NS ns1\nns1 A 192.0.2.1\n${body}\n`,
    ),
  );
  return startPrimary({ zones, port });
}

function mirrorOf(origin, port) {
  return [
    'apiVersion: trueup/v1',
    'kind: ZoneMirror',
    `metadata: { name: ${nameOf(origin)} }`,
    'spec:',
    `  domain: ${origin}`,
    `  primaries: ["127.0.0.1:${port}"]`,
    '  tsig: none',
    '  hostedZone: { private: false }',
    '  schedule: rate(15 minutes)',
    '',
  ].join('\n');
}

function nameOf(origin) {
  return origin.replaceAll('.', '-');
}

async function load(config) {
  const { project, result } = await loadConfig(config);
  if (project === undefined) throw new Error(JSON.stringify(result.errors, null, 1));
  return project;
}

function succeeded(result) {
  if (result?.outcome !== 'applied') {
    const failed = (result?.failed ?? []).slice(0, 3);
    throw new Error(`apply ended as ${result?.outcome}: ${JSON.stringify(failed, null, 1)}`);
  }
  return result;
}
