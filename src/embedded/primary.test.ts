import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { record, soa, ZONE } from '../../test/support/wire.ts';
import { formatMasterFile } from '../dns/master-file.ts';
import { foldName, parseName } from '../dns/name.ts';
import { RR } from '../dns/rr-types.ts';
import { TransferError } from '../dns/transfer/errors.ts';
import { querySoa } from '../dns/transfer/soa-query.ts';
import { transferZone, type TransferOptions } from '../dns/transfer/transfer.ts';
import type { TsigKey } from '../dns/tsig/tsig-key.ts';
import { frame, FrameReader } from '../dns/wire/frames.ts';
import { readMessage } from '../dns/wire/message.ts';
import { writeMessage, writeQuery } from '../dns/wire/writer.ts';
import { buildZone } from '../dns/zone.ts';
import { type PrimaryServer, type PrimaryServerOptions, startPrimary } from './primary.ts';

const KEY: TsigKey = { name: 'xfr', algorithm: 'hmac-sha256', secret: Buffer.from('a secret') };

let directory = '';
const servers: PrimaryServer[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'trueup-primary-'));
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  rmSync(directory, { recursive: true });
});

async function start(options: Partial<PrimaryServerOptions> = {}): Promise<PrimaryServer> {
  const server = await startPrimary({ zones: directory, port: 0, ...options });
  servers.push(server);
  return server;
}

function writeZone(file: string, serial: number): void {
  writeFileSync(join(directory, file), `@ 300 IN SOA ns1 hostmaster ${serial} 3600 600 1209600 300\n@ 300 IN NS ns1\n`);
}

function transfer({ port }: PrimaryServer, zone: string, options: Partial<TransferOptions> = {}) {
  return transferZone({ zone, host: '127.0.0.1', port, ...options });
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** The messages that answer raw octets until the primary has closed or sent so many. */
function exchange({ port }: PrimaryServer, octets: Buffer, wanted: number): Promise<Buffer[]> {
  return new Promise((resolve) => {
    const messages: Buffer[] = [];
    const frames = new FrameReader();
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (chunk) => {
      messages.push(...frames.push(chunk));
      if (messages.length >= wanted) socket.destroy();
    });
    socket.on('close', () => resolve(messages));
    socket.write(octets);
  });
}

describe('startPrimary', () => {
  it('serves the master files of a directory, under names with a slash too', async () => {
    writeZone('z.test.zone', 5);
    writeZone('128%2f25.2.0.192.in-addr.arpa.zone', 6);
    writeFileSync(join(directory, 'notes.txt'), 'not a zone');
    const server = await start();

    expect((await transfer(server, 'z.test')).serial).toBe(5);
    expect((await transfer(server, '128/25.2.0.192.in-addr.arpa')).zone.soa.serial).toBe(6);
    expect((await querySoa({ zone: 'Z.Test.', host: '127.0.0.1', port: server.port })).serial).toBe(5);
  });

  it('reads a master file again when it has changed', async () => {
    writeZone('z.test.zone', 9);
    const server = await start();
    await transfer(server, 'z.test');
    writeZone('z.test.zone', 10);

    expect((await transfer(server, 'z.test')).serial).toBe(10);
  });

  it('serves zones from memory, large ones in messages of at most 16 KB', async () => {
    const names = Array.from({ length: 3000 }, (_, index) => record(`host-${index} 60 A 192.0.2.1`));
    const zone = buildZone(ZONE, [soa(1), ...names]);
    const server = await start({ zones: [zone] });
    const result = await transfer(server, 'z.test');

    expect(formatMasterFile(result.zone)).toBe(formatMasterFile(zone));
    expect(result.messages).toBeGreaterThan(5);
    const messages = await exchange(server, frame(writeQuery(1, ZONE, RR.AXFR)), result.messages);
    expect(Math.max(...messages.map(({ length }) => length))).toBeLessThan(16 * 1024 + 64);
  });

  it('answers several queries of one connection in order', async () => {
    const server = await start({ zones: [buildZone(ZONE, [soa(1)])] });
    const queries = [1, 2, 3].map((id) => frame(writeQuery(id, ZONE, RR.SOA)));
    const messages = await exchange(server, Buffer.concat(queries), 3);

    expect(messages.map((bytes) => readMessage(bytes).id)).toEqual([1, 2, 3]);
  });

  describe('with keys', () => {
    const zones = [buildZone(ZONE, [soa(1), record('@ 300 NS ns1')])];

    it('signs the answer to a signed query', async () => {
      const server = await start({ zones, keys: [KEY], requireKeyFor: ['Z.test'] });

      expect((await transfer(server, 'z.test', { tsig: KEY })).serial).toBe(1);
    });

    it('gives a zone that needs no key without one', async () => {
      expect((await transfer(await start({ zones, keys: [KEY] }), 'z.test')).serial).toBe(1);
    });

    it.each([
      { what: 'no key', options: {}, expected: { code: 'rcode', rcode: 'REFUSED' } },
      {
        what: 'an unknown key',
        options: { tsig: { ...KEY, name: 'other' } },
        expected: { code: 'tsig', tsigError: 'BADKEY', rcode: 'NOTAUTH' },
      },
      {
        what: 'another secret',
        options: { tsig: { ...KEY, secret: Buffer.from('guess') } },
        expected: { code: 'tsig', tsigError: 'BADSIG', rcode: 'NOTAUTH' },
      },
      {
        what: 'a clock an hour off',
        options: { tsig: KEY, now: () => Date.now() + 3_600_000 },
        expected: { code: 'tsig', tsigError: 'BADTIME', rcode: 'NOTAUTH' },
      },
    ])('refuses $what', async ({ options, expected }) => {
      const server = await start({ zones, keys: [KEY], requireKeyFor: ['z.test'] });

      const error = await failureOf(transfer(server, 'z.test', options));
      expect(error).toBeInstanceOf(TransferError);
      expect(error).toMatchObject(expected);
    });
  });

  it.each([
    {
      what: 'a zone that it does not have',
      query: writeQuery(1, foldName(parseName('y.test', 'decimal')), RR.AXFR),
      rcode: 9,
    },
    { what: 'another type', query: writeQuery(1, ZONE, RR.A), rcode: 5 },
    { what: 'an update', query: writeMessage({ id: 1, flags: 5 << 11 }), rcode: 4 },
    { what: 'no question', query: writeMessage({ id: 1, flags: 0 }), rcode: 1 },
  ])('answers rcode $rcode to $what', async ({ query, rcode }) => {
    const server = await start({ zones: [buildZone(ZONE, [soa(1)])] });
    const [answer] = await exchange(server, frame(query), 1);

    expect(readMessage(answer!).rcode).toBe(rcode);
  });

  it('closes the connection on octets that are no message', async () => {
    const server = await start();

    expect(await exchange(server, frame(Buffer.from('hello')), 1)).toEqual([]);
  });

  it('names the place of a fault in a master file, and answers SERVFAIL for one that breaks later', async () => {
    writeZone('z.test.zone', 1);
    const server = await start();
    writeFileSync(join(directory, 'z.test.zone'), '@ 300 IN SOA ns1 hostmaster 1 2 3 4 5\nwww 300 IN A nonsense\n');

    expect(await failureOf(transfer(server, 'z.test'))).toMatchObject({ code: 'rcode', rcode: 'SERVFAIL' });
    expect(() => server.reload()).toThrow(`${join(directory, 'z.test.zone')}:2:`);
    expect(await failureOf(start())).toMatchObject({ name: 'ZoneError' });
  });

  it('listens on 127.0.0.1 alone', async () => {
    const { port } = await start();

    const error = await failureOf(transferZone({ zone: 'z.test', host: '127.0.0.2', port }));
    expect(error).toMatchObject({ code: 'connection' });
  });
});
