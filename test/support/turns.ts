import type { Aws } from '../../src/aws/clients.ts';

/** Several actors whose calls are made one at a time, in an order that a seed decides. */
export interface Turns {
  /** Runs an actor: it ends when it has ended, however many turns others take. */
  run<Result>(actor: () => Promise<Result>): Promise<Result>;
  /** To be awaited before each call. */
  turn(): Promise<void>;
  /** Every call of these clients waits for its turn. */
  clients(aws: Aws): Aws;
  client<Client extends object>(client: Client): Client;
}

/** @param random from 0 up to 1. */
export function createTurns(random: () => number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;

  function next(): void {
    if (running > 0 || waiting.length === 0) return;
    const [go] = waiting.splice(Math.floor(random() * waiting.length), 1);
    running += 1;
    go!();
  }

  const turns: Turns = {
    async run(actor) {
      running += 1;
      try {
        return await actor();
      } finally {
        running -= 1;
        next();
      }
    },

    turn() {
      return new Promise((resolve) => {
        waiting.push(resolve);
        running -= 1;
        // Whoever else was started in the same moment comes to its first call first.
        queueMicrotask(next);
      });
    },

    clients: (aws) => ({
      ...aws,
      client: async (constructor, place, manner) => turns.client(await aws.client(constructor, place, manner)),
    }),

    client(client) {
      const { send } = client as unknown as { send(command: unknown): Promise<unknown> };
      return Object.assign(Object.create(client) as typeof client, {
        async send(command: unknown) {
          await turns.turn();
          return send.call(client, command);
        },
      });
    },
  };
  return turns;
}
