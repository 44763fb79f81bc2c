import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

import { formatMasterFile } from '../src/dns/master-file.ts';
import { RR } from '../src/dns/rr-types.ts';
import { openKey } from '../src/dns/tsig/key.ts';
import { checkRequest } from '../src/dns/tsig/serve.ts';
import type { WireRecord } from '../src/dns/types.ts';
import { frame } from '../src/dns/wire/frames.ts';
import { buildZone } from '../src/dns/zone.ts';
import { type Script, startScriptedPrimary } from './support/scripted-primary.ts';
import { record, reply, soa, ZONE } from './support/wire.ts';

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const NS = record('@ 300 NS ns1');
const A = record('www 300 A 192.0.2.1');
const B = record('b 300 A 192.0.2.2');
const SECRET = Buffer.from('canary-secret');

function masterFile(serial: number, ...records: readonly WireRecord[]): string {
  return formatMasterFile(buildZone(ZONE, [soa(serial), NS, ...records]));
}

const CURRENT = masterFile(6, B);

/** Serves version 6, and what changed since version 5. */
const primary: Script = (query) => {
  const whole = [soa(6), NS, B, soa(6)];
  const differences = [soa(6), soa(5), A, soa(6), B, soa(6)];
  return [frame(reply(query, query.question?.type === RR.IXFR ? differences : whole))];
};

async function createWorkplace(script: Script) {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-transfer-'));
  const server = await startScriptedPrimary(script);
  onTestFinished(async () => {
    rmSync(directory, { recursive: true, force: true });
    await server.close();
  });
  return {
    files: () => readdirSync(directory),
    write: (file: string, text: string | Buffer) => writeFileSync(join(directory, file), text),
    transfer(...flags: readonly string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
      const args = [CLI, 'zone', 'transfer', 'z.test', '--from', `127.0.0.1:${server.port}`, ...flags];
      return new Promise((resolve) => {
        execFile(process.execPath, args, { cwd: directory }, (error, stdout, stderr) => {
          resolve({ exit: error ? Number(error.code) : 0, stdout, stderr });
        });
      });
    },
  };
}

describe('zone transfer --base', () => {
  it.each([
    { what: 'an older version', base: masterFile(5, A), mode: 'ixfr', ixfrFailed: undefined },
    { what: 'an altered one', base: masterFile(5, B), mode: 'axfr', ixfrFailed: /deletes a record/ },
    { what: 'one that the primary does not know', base: masterFile(4, A), mode: 'axfr', ixfrFailed: /does not begin/ },
  ])('T89 gives the bytes of a full transfer from $what', async ({ base, mode, ixfrFailed }) => {
    const { transfer, write } = await createWorkplace(primary);
    write('base.zone', base);

    const zone = await transfer('--base', 'base.zone', '--format', 'zone');
    expect([zone.exit, zone.stdout, (await transfer('--format', 'zone')).stdout]).toEqual([0, CURRENT, CURRENT]);
    expect(zone.stderr).toMatch(ixfrFailed ?? /^The zone is not confirmed whole: .*\n$/);

    const json = await transfer('--base', 'base.zone', '--format', 'json');
    const document = JSON.parse(json.stdout) as Record<string, unknown>;
    expect(document).toMatchObject({ format: 'trueup/zone-transfer@1', serial: 6, records: 3, rrsets: 3, mode });
    expect(document['ixfrFailed'] ?? '').toMatch(ixfrFailed ?? /^$/);
    expect(document['findings']).toMatchObject(mode === 'axfr' ? [] : [{ code: 'not-confirmed', name: 'z.test.' }]);
  });

  it('T89 says that an alteration which nothing touches would not show', async () => {
    const { transfer, write } = await createWorkplace(primary);
    const planted = 'planted.z.test. 300 IN A 192.0.2.66\n';
    write('base.zone', masterFile(5, A) + planted);

    const zone = await transfer('--base', 'base.zone', '--format', 'zone');
    expect(zone.stdout).toContain(planted);
    expect(zone.stderr).toContain('not confirmed');
    expect((await transfer('--base', 'base.zone')).stdout).toMatch(/^ {2}! not-confirmed z\.test\. SOA: /mu);
  });

  it('says that nothing has changed', async () => {
    const { transfer, write } = await createWorkplace((query) => [frame(reply(query, [soa(6)]))]);
    write('base.zone', CURRENT);

    expect((await transfer('--base', 'base.zone', '--format', 'zone')).stdout).toBe(CURRENT);
    expect(JSON.parse((await transfer('--base', 'base.zone', '--format', 'json')).stdout)).toMatchObject({
      mode: 'unchanged',
      serial: 6,
      messages: 1,
      findings: [{ code: 'not-confirmed' }],
    });
    const text = await transfer('--base', 'base.zone');
    expect(text.stdout).toMatch(/^z\.test\. serial 6 from 127\.0\.0\.1:\d+, the same as the base\n/);
  });

  it.each([
    { what: 'is not there', text: undefined, exit: 1, code: 'TU0004' },
    { what: 'is no zone', text: 'hello', exit: 64, code: 'TU0002' },
    { what: 'holds another zone', text: CURRENT.replaceAll('z.test.', 'y.test.'), exit: 64, code: 'TU0002' },
  ])('refuses a file that $what, and leaves no file behind', async ({ text, exit, code }) => {
    const { transfer, write, files } = await createWorkplace(primary);
    if (text !== undefined) write('base.zone', text);
    const before = files();
    const ran = await transfer('--base', 'base.zone', '--format', 'json', '--out', 'out.json');

    expect([ran.exit, JSON.parse(ran.stdout)]).toMatchObject([exit, { format: 'trueup/error@1', error: { code } }]);
    expect(files()).toEqual(before);
  });
});

describe('zone transfer with hmac-md5', () => {
  const flags = [
    '--tsig-name',
    'k',
    '--tsig-algorithm',
    'hmac-md5',
    '--tsig-secret-file',
    'secret',
    '--format',
    'json',
  ];
  const key = openKey({ name: 'k', algorithm: 'hmac-md5', secret: SECRET, allowMd5: true });
  const signing: Script = (query, _attempt, bytes) => {
    const { sign } = checkRequest(bytes, query.tsig!, [key], Math.floor(Date.now() / 1000));
    return [frame(sign(reply(query, [soa(6), NS, B, soa(6)])))];
  };

  it('needs --tsig-allow-md5, and says so', async () => {
    const { transfer, write } = await createWorkplace(signing);
    write('secret', SECRET.toString('base64'));
    const refused = await transfer(...flags);
    const allowed = await transfer(...flags, '--tsig-allow-md5');

    expect([refused.exit, JSON.parse(refused.stdout)]).toMatchObject([
      1,
      {
        error: {
          code: 'tsig',
          tsigError: 'BADKEY',
          hints: [expect.any(String), expect.stringContaining('--tsig-allow-md5')],
        },
      },
    ]);
    expect([allowed.exit, JSON.parse(allowed.stdout)]).toMatchObject([0, { serial: 6, mode: 'axfr' }]);
    expect(refused.stdout + refused.stderr).not.toContain(SECRET.toString('base64'));
  });
});
