import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { SlackMessage } from '../../src/notify/slack-blocks.ts';

/** How it answers one post; default: `ok`. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The connection ends instead. */
  readonly drop?: true;
}

export interface FakeSlack {
  /** The address of the webhook, with a part that must show up nowhere. */
  readonly url: string;
  /** What was posted, in its order. */
  readonly posts: readonly { readonly path: string; readonly method: string; readonly body: SlackMessage }[];
}

/** What nobody may ever see. */
export const CANARY = 'T00000000/B00000000/Canary0123456789abcdefgh';

/** Slack on this machine. @param answers the first to the first post, the last to all after it */
export async function openSlack(answers: readonly Answer[] = [{}]): Promise<FakeSlack> {
  const posts: FakeSlack['posts'][number][] = [];
  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/${CANARY}`, posts };

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString() || 'null') as SlackMessage;
    posts.push({ path: request.url ?? '', method: request.method ?? '', body });
    const {
      status = 200,
      headers = {},
      body: said = 'ok',
      drop,
    } = answers[Math.min(posts.length, answers.length) - 1]!;
    if (drop) return void request.socket.destroy();
    response.writeHead(status, headers).end(said);
  }
}
