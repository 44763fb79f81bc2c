import type dns from 'node:dns';
import { isIP } from 'node:net';
import { refuse, refused } from './gate.ts';
import type { Gate } from './gate.ts';
import { guardMethod } from './methods.ts';

const QUERY = /^(?:resolve|reverse|lookupService)/;
const SERVER = /^(?:\[(?<bracketed>[^\]]+)\]|(?<plain>[^:]+|[0-9a-f:]+))(?::(?<port>\d+))?$/i;
const DNS_PORT = 53;

/** Names are looked up at declared name servers only: by a Resolver that was given nothing else. */
export function guardNames(module: typeof dns, gate: Gate): void {
  const admitted = new WeakSet<object>();
  for (const owner of [module, module.promises]) {
    refuse(owner, Object.keys(owner).filter(isQuery), 'looking up names');
    refuse(owner, ['setServers'], 'other name servers');
    guardResolver(owner.Resolver.prototype, admitted, gate);
  }
  guardMethod(module, 'lookup', (lookup) => (...values) => {
    if (isLocal(values[0])) return Reflect.apply(lookup, undefined, values);
    const callback = values.at(-1) as (error: Error) => void;
    return process.nextTick(() => callback(refused(`looking up ${String(values[0])}`)));
  });
  guardMethod(module.promises, 'lookup', (lookup) => (...values) => {
    if (isLocal(values[0])) return Reflect.apply(lookup, undefined, values);
    return Promise.reject(refused(`looking up ${String(values[0])}`));
  });
}

function guardResolver(prototype: object, admitted: WeakSet<object>, gate: Gate): void {
  const queries = methodsOf(prototype).filter(isQuery);
  for (const name of queries) {
    guardMethod(prototype, name, (query) => {
      return function guarded(this: unknown, ...values: unknown[]) {
        if (!admitted.has(this as object)) throw refused(`looking up names (${name})`);
        return Reflect.apply(query, this, values);
      };
    });
  }
  guardMethod(prototype, 'setServers', (setServers) => {
    return function guarded(this: unknown, servers: unknown) {
      for (const server of servers as readonly string[]) checkServer(server, gate);
      Reflect.apply(setServers, this, [servers]);
      admitted.add(this as object);
    };
  });
}

/** Its own and the inherited ones. */
function methodsOf(prototype: object): readonly string[] {
  const parent = Object.getPrototypeOf(prototype) as object | null;
  const inherited = parent === null || parent === Object.prototype ? [] : methodsOf(parent);
  return [...Object.getOwnPropertyNames(prototype), ...inherited];
}

function checkServer(server: string, gate: Gate): void {
  const { bracketed, plain = '', port } = SERVER.exec(server)?.groups ?? {};
  const error = gate.refusal(bracketed ?? plain, port === undefined ? DNS_PORT : Number(port));
  if (error !== undefined) throw error;
}

function isQuery(name: string): boolean {
  return QUERY.test(name);
}

/** Addresses and `localhost` need no name server. */
function isLocal(name: unknown): boolean {
  return typeof name === 'string' && (name === 'localhost' || isIP(name) !== 0);
}
