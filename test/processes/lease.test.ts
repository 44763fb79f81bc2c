import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { createDesk, inPairs } from '../support/cli-process.ts';
import type { Desk } from '../support/cli-process.ts';

const APPLY = 'apply --yes --format json --endpoint';
/** Pairs that make an estate. */
const FOUNDINGS = 8;
/** Pairs that change one thing in it. 100 take four minutes of one core; measured 2026-11. */
const RACES = process.env['TRUEUP_THOROUGH'] ? 100 : 12;
const SIDES = ['left', 'right'] as const;

interface Printed {
  readonly outcome?: string;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly holder?: string;
    readonly expires?: string;
  };
}

function printed({ exit, stdout }: { readonly exit: number | null; readonly stdout: string }): string {
  const { outcome, error } = JSON.parse(stdout) as Printed;
  if (!error) return `${exit} ${outcome}`;
  const isNamed = /, process \d+$/.test(error.holder ?? '') && Date.parse(error.expires ?? '') > 0;
  return `${exit} ${error.code}${isNamed ? ' with holder and expiry' : ` ${error.message}`}`;
}

const EXPECTED = /^(?:0 applied, 0 nothing|0 applied, 1 TU3011 with holder and expiry)$/;

/** Who wrote, write by write; the lease's own writes do not count. */
function writersIn(desk: Desk, file: string): readonly string[] {
  const account = desk.open(file);
  const events = account.events();
  account.close();
  return events
    .filter(({ readOnly, eventSource }) => !readOnly && !/^(?:s3|sts)\./.test(eventSource))
    .map(({ userIdentity }) => userIdentity.arn.split('/').at(-2) ?? '');
}

describe('two applies as processes', () => {
  it(`F04 ${RACES}/${RACES} races have 1 writer, and the other finds nothing to do or names the holder`, async () => {
    const desk = await createDesk();
    const [settings, document] = ['settings.yaml', 'dns/a.yaml'].map((file) => desk.read(`config/${file}`));
    function declare(side: string, comment: string): void {
      // Each assumes a role of its own, which is who writes in the trail.
      const role = `applyRole: arn:aws:iam::111122223333:role/${side}`;
      desk.write(`${side}/settings.yaml`, settings!.replace("id: '111122223333'", `$&, ${role}`));
      desk.write(`${side}/dns/a.yaml`, document!.replace('comment: a', `comment: ${comment}`));
    }
    ['config', ...SIDES].forEach((side) => declare(side, 'before'));
    const founded = await desk.run(`${APPLY} embedded:account.json --config left`);
    const past = writersIn(desk, 'account.json').length;
    ['config', ...SIDES].forEach((side) => declare(side, 'after'));
    const races = Array.from({ length: RACES }, (_, race) => race);

    const ends = await inPairs(races, async (race) => {
      const account = `account-${race}.json`;
      copyFileSync(join(desk.directory, 'account.json'), join(desk.directory, account));
      const both = await Promise.all(
        SIDES.map(async (side) => {
          await sleep(side === 'left' ? (race % 5) * 20 : 0);
          return desk.run(`${APPLY} embedded:${account} --config ${side}`);
        }),
      );
      const writers = new Set(writersIn(desk, account).slice(past));
      return {
        names: both.map(printed).toSorted().join(', '),
        writers: [...writers],
        ...(await desk.converge(account)),
      };
    });

    expect([printed(founded), past > 10]).toEqual(['0 applied', true]);
    expect(ends.filter(({ writers }) => writers.length !== 1)).toEqual([]);
    expect(new Set(ends.flatMap(({ writers }) => writers))).toEqual(new Set(SIDES));
    expect(ends.filter(({ names, converged, left }) => !EXPECTED.test(names) || !converged || left > 0)).toEqual([]);
  }, 1_200_000);

  it(`F04 of ${FOUNDINGS} pairs that make all one writes, and the other finds nothing to do or names the holder`, async () => {
    const desk = await createDesk();
    const accounts = Array.from({ length: FOUNDINGS }, (_, index) => `account-${index}.json`);

    const ends = await inPairs(accounts, async (account) => {
      const both = await Promise.all([1, 2].map(() => desk.run(`${APPLY} embedded:${account}`)));
      const names = both.map(printed).toSorted().join(', ');
      return { names, stderr: both.map(({ stderr }) => stderr).join(''), ...(await desk.converge(account)) };
    });

    expect(ends.filter(({ names, converged, left }) => !EXPECTED.test(names) || !converged || left > 0)).toEqual([]);
  }, 300_000);

  it.each(['crash-before', 'crash-after'])(
    'F07 a holder that ended by %s is taken over at once on this machine',
    async (fault) => {
      const desk = await createDesk();
      const faults = [{ service: 'lambda', command: 'CreateFunction', fault }];
      const killed = await desk.run(`${APPLY} embedded:account.json`, {
        env: { TRUEUP_FAULTS: JSON.stringify(faults) },
      });
      const at = performance.now();

      const next = await desk.run(`${APPLY} embedded:account.json`);

      expect(killed.signal).toBe('SIGKILL');
      expect(printed(next)).toBe('0 applied');
      // Its lease would live for 60 s.
      expect(performance.now() - at).toBeLessThan(30_000);
    },
    60_000,
  );
});

describe('TU3011', () => {
  it('says who holds the lease, until when, that nothing was changed, and what to do', async () => {
    const desk = await createDesk();
    desk.write(
      'config/settings.yaml',
      desk.read('config/settings.yaml').replace('  defaultRegion', '  lease: { bucket: acme-trueup }\n  defaultRegion'),
    );
    const account = desk.open();
    const s3 = account.client(S3Client, { region: 'eu-west-1' });
    const Bucket = 'acme-trueup';
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
    const expires = '2026-11-24T10:44:00.000Z';
    const holder = 'run 118 of acme/estate';
    let writes = 0;
    async function renew(): Promise<void> {
      writes += 1;
      const Body = JSON.stringify({
        format: 'trueup/lease@1',
        owner: 'acme-network',
        repository: null,
        holder,
        process: null,
        token: 't',
        writes,
        ttlMs: 60_000,
        expires,
      });
      await s3.send(new PutObjectCommand({ Bucket, Key: 'trueup/acme-network/lease.json', Body }));
    }
    await renew();
    const timer = setInterval(() => void renew(), 300);

    const json = await desk.run(`${APPLY} embedded:account.json`);
    const text = await desk.run('apply --yes --endpoint embedded:account.json');
    clearInterval(timer);
    account.close();

    expect(json.exit).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      format: 'trueup/error@1',
      error: { code: 'TU3011', holder, expires },
    });
    expect([text.exit, text.stdout]).toEqual([1, '']);
    const said = text.stderr.replaceAll(/\s+/g, ' ');
    expect(said).toContain(`lease waits for ${holder}, until ${expires}`);
    expect(said).toContain(
      `another apply holds the lease: ${holder}, until ${expires} by its clock; nothing was changed`,
    );
    expect(said).toContain('run the same command again when that apply has ended');
    expect(said).toContain('there is nothing to unlock');
  }, 60_000);
});
