import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { openDoor } from '../../src/embedded/door/server.ts';
import type { Door } from '../../src/embedded/door/server.ts';
import type { Host } from '../../src/embedded/host.ts';
import { sendRaw } from '../support/door-bench.ts';

const PATIENCE = { request: 400, headers: 200, check: 50 };

/** A door before an API that is there, whose routes nobody gets as far as. */
async function openImpatient(): Promise<Door> {
  const api = { id: 'abc', account: '111122223333', region: 'eu-west-1' };
  const host = { now: () => 0, read: () => ({ api, route: '/', stage: {}, served: {} }) } as unknown as Host;
  const door = await openDoor(host, 0, PATIENCE);
  onTestFinished(() => door.close());
  return door;
}

it.each([
  ['headers', 'POST /_aws/execute-api/abc/survival HTTP/1.1\r\nhost: a\r\n'],
  ['a body', 'POST /_aws/execute-api/abc/survival HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nabc'],
])('does not wait for %s without end', async (_case, octets) => {
  const { url } = await openImpatient();
  const began = performance.now();
  expect(await sendRaw(url, octets, 5000)).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n[^]*"Request Timeout"}$/);
  expect(performance.now() - began).toBeLessThan(3000);
});

it('hangs up on a client that was refused and does not hang up itself', async () => {
  const { url } = await openImpatient();
  const end = await new Promise<string>((resolve) => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true }, () => {
      socket.write('POST /_aws/execute-api/abc/survival HTTP/1.1\r\nhost: a\r\n');
    });
    socket.resume();
    // The answer is there, and the end of it; then comes a little more of the request, again and again.
    socket.on('end', () => {
      const more = setInterval(() => socket.write('x: y\r\n'), 1500);
      const timer = setTimeout(() => resolve('nobody hung up'), 6000);
      onTestFinished(() => (clearInterval(more), clearTimeout(timer)));
    });
    socket.on('error', () => resolve('hung up'));
    onTestFinished(() => void socket.destroy());
  });
  expect(end).toBe('hung up');
}, 10_000);
