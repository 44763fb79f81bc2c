import type dgram from 'node:dgram';
import type { Gate } from './gate.ts';
import { guardMethod } from './methods.ts';

/** `connect(port, address)` and `send(msg, [offset, length], [port], [address], [callback])`. */
export function guardDatagrams(module: typeof dgram, gate: Gate): void {
  const { prototype } = module.Socket;
  guardMethod(prototype, 'connect', (connect) => {
    return function guarded(this: unknown, ...values: unknown[]) {
      const error = gate.refusal(addressIn(values), Number(values[0]));
      return error === undefined ? Reflect.apply(connect, this, values) : fail(this as dgram.Socket, error, values);
    };
  });
  guardMethod(prototype, 'send', (send) => {
    return function guarded(this: unknown, ...values: unknown[]) {
      const numbers = values.slice(1).filter((value) => typeof value === 'number');
      // One number is the port, three are offset, length and port; a connected socket was asked when it connected.
      const port = numbers.length % 2 === 1 ? numbers.at(-1) : undefined;
      const error = port === undefined ? undefined : gate.refusal(addressIn(values.slice(1)), port);
      return error === undefined ? Reflect.apply(send, this, values) : fail(this as dgram.Socket, error, values);
    };
  });
}

function addressIn(values: readonly unknown[]): string {
  return values.find((value): value is string => typeof value === 'string') ?? '127.0.0.1';
}

function fail(socket: dgram.Socket, error: Error, values: readonly unknown[]): void {
  const callback = values.at(-1);
  process.nextTick(() => {
    if (typeof callback === 'function') (callback as (error: Error) => void)(error);
    else socket.emit('error', error);
  });
}
