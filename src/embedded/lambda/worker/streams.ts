import type net from 'node:net';
import { refuse, refused } from './gate.ts';
import type { Gate } from './gate.ts';
import { guardMethod } from './methods.ts';

/** `net.connect`, TLS, HTTP, HTTP/2 and fetch all come through here. */
export function guardStreams(module: typeof net, gate: Gate): void {
  guardMethod(module.Socket.prototype, 'connect', (connect) => {
    return function guarded(this: unknown, ...values: unknown[]) {
      const target = targetOf(values);
      const error = target === undefined ? refused('a local socket') : gate.refusal(target.host, target.port);
      if (error === undefined) return Reflect.apply(connect, this, values);
      process.nextTick(() => (this as net.Socket).destroy(error));
      return this;
    };
  });
  refuse(module.Server.prototype, ['listen'], 'listening');
}

/** The forms of `socket.connect`: options, port and host, a path, and Node's own normalised list. */
function targetOf(values: readonly unknown[]): { readonly host: string; readonly port: number } | undefined {
  const [first, second] = Array.isArray(values[0]) ? (values[0] as readonly unknown[]) : values;
  if (typeof first === 'object' && first !== null) {
    const options = first as { host?: unknown; port?: unknown; lookup?: unknown };
    if (options.port === undefined || options.port === null) return undefined;
    // A name is looked up by Node's own function, which knows `localhost` only.
    delete options.lookup;
    return { host: hostOf(options.host), port: Number(options.port) };
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return undefined;
  return { host: hostOf(second), port: Number(first) };
}

/** "host: Host the socket should connect to. Default: 'localhost'." */
function hostOf(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : 'localhost';
}
