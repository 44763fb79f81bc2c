import { Account } from '../../src/embedded/account.ts';
import { administratorCredentials } from '../../src/embedded/caller.ts';
import { clientOptions } from '../../src/embedded/client-options.ts';
import type { AttachableClient } from '../../src/embedded/index.ts';
import type { Host } from '../../src/embedded/host.ts';
import { memoryStore } from '../../src/embedded/store/store.ts';

/** An embedded account in memory with its inside open, as its own parts see it. */
export function openHost(): {
  readonly host: Host;
  client<Client extends AttachableClient>(Constructor: new (options: never) => Client): Client;
} {
  const world = { now: Date.now, sleep: () => Promise.resolve(), crash: () => undefined };
  const account = new Account(memoryStore(), world, []);
  return {
    host: account.host,
    client(Constructor) {
      const client = new Constructor(clientOptions('eu-west-1', administratorCredentials('111122223333')) as never);
      client.middlewareStack.use(account.plugin);
      return client;
    },
  };
}
