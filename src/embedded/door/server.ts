import { STATUS_CODES, createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { EmbeddedError } from '../errors.ts';
import type { Host } from '../host.ts';
import { PREFIX, readAddress } from './address.ts';
import { headerOctets, isPlainlyFramed } from './framing.ts';
import { openGateway } from './gateway.ts';
import type { Gateway } from './gateway.ts';
import { MAX_BODY_OCTETS, readBody } from './read-body.ts';
import { BAD_REQUEST, FAILED, HEADERS_TOO_LARGE, NOT_FOUND, TOO_LARGE, TOO_SLOW, joinHeaders } from './request.ts';
import type { DoorAnswer, DoorRequest } from './request.ts';

/** Where clients without an SDK reach the account. */
export interface Door {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Base URL of an HTTP API, to which paths are appended. */
  urlOf(apiId: string): string;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** "HTTP API quotas": "Total combined size of request line and header values 10240 bytes". */
const MAX_HEADER_OCTETS = 10_240;
/** Of Node's parser: what is above is not even counted. */
const MAX_PARSED_OCTETS = 32 * 1024;
/** How long a client may take to send a request, and its headers, and how often that is looked at. Milliseconds. */
export interface Patience {
  readonly request: number;
  readonly headers: number;
  readonly check: number;
}

/** Longer than any client needs that is in earnest on loopback. */
const PATIENCE: Patience = { request: 30_000, headers: 10_000, check: 1000 };
/** How long a body that was refused is let run on, so that the client reads the answer instead of a reset. */
const LINGER_MS = 1000;

/**
 * Opens an HTTP server on loopback that does what API Gateway does (docs/architecture.md, "The loopback door").
 *
 * @throws EmbeddedError TU4015 for a port that is none or in use
 */
export async function openDoor(host: Host, port: number, patience = PATIENCE): Promise<Door> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new EmbeddedError('TU4015', `${port} is no port.`, 'A port is a whole number up to 65535; 0: any free one.');
  }
  const gateway = openGateway(host);
  const server = createServer({
    insecureHTTPParser: false,
    maxHeaderSize: MAX_PARSED_OCTETS,
    requestTimeout: patience.request,
    headersTimeout: patience.headers,
    connectionsCheckingInterval: patience.check,
  });
  // None is left out unseen: `maxHeaderSize` bounds how many there are.
  server.maxHeadersCount = 0;
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    void serve(request, response, gateway, host);
  };
  server.on('request', respond);
  // A client that asks before it sends is told of a body that is too large before it has sent it.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (Number(request.headers['content-length'] ?? 0) <= MAX_BODY_OCTETS) response.writeContinue();
    respond(request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    refuseConnection(socket, CONNECTION_REFUSALS[error.code ?? ''] ?? BAD_REQUEST);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(port, cause)));
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let closing: Promise<void> | undefined;
  return {
    url,
    urlOf: (apiId) => `${url}${PREFIX}${apiId}`,
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closing;
    },
  };
}

function cannotListen(port: number, cause: NodeJS.ErrnoException): EmbeddedError {
  const why = cause.code === 'EADDRINUSE' ? 'another program listens there' : cause.message;
  return new EmbeddedError(
    'TU4015',
    `Port ${port} of 127.0.0.1 cannot be opened: ${why}.`,
    'Use another, or 0 for any.',
    {
      cause,
    },
  );
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  gateway: Gateway,
  host: Pick<Host, 'now'>,
): Promise<void> {
  try {
    const answer = await answerTo(request, gateway);
    send(request, response, answer, host.now());
  } catch {
    // A connection that broke, an account that was closed: nobody is left to hear why.
    if (response.headersSent) response.destroy();
    else send(request, response, FAILED, host.now());
  }
}

async function answerTo(request: IncomingMessage, gateway: Gateway): Promise<DoorAnswer> {
  const headers = joinHeaders(request.rawHeaders);
  const address = readAddress(request.url ?? '', headers.get('host'));
  if (address === 'malformed' || !isPlainlyFramed(request)) return BAD_REQUEST;
  const open = address && gateway.find(address.api, address.path, address.region);
  if (address === undefined || open === undefined) return NOT_FOUND;
  if (headerOctets(request, address.path.length + address.query.length) > MAX_HEADER_OCTETS) return HEADERS_TOO_LARGE;
  const body = await readBody(request);
  if (body === undefined) {
    gateway.note(open, TOO_LARGE.status);
    return TOO_LARGE;
  }
  const asked: DoorRequest = {
    method: request.method ?? '',
    path: address.path,
    query: address.query,
    sentPath: address.sentPath,
    headers,
    body,
    protocol: `HTTP/${request.httpVersion}`,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
  };
  return gateway.answer(asked, open);
}

function send(request: IncomingMessage, response: ServerResponse, answer: DoorAnswer, now: number): void {
  const body = Buffer.from(answer.body);
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) response.appendHeader(name, value);
  response.setHeader('date', new Date(now).toUTCString());
  const isWithout = answer.status === 204 || answer.status === 304;
  if (!isWithout) response.setHeader('content-length', body.length);
  if (!request.complete) letRunOut(request, response);
  response.end(request.method === 'HEAD' || isWithout ? undefined : body);
}

/** A body that nobody reads is thrown away for a moment, and then its connection. */
function letRunOut(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close');
  request.resume();
  destroyLater(request.socket);
}

const CONNECTION_REFUSALS: Readonly<Record<string, DoorAnswer>> = {
  HPE_HEADER_OVERFLOW: HEADERS_TOO_LARGE,
  ERR_HTTP_REQUEST_TIMEOUT: TOO_SLOW,
};

/** What the parser does not take is answered before anything of it is looked at. */
function refuseConnection(socket: Socket, { status, body }: DoorAnswer): void {
  if (!socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const text = String(body);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`,
  );
  destroyLater(socket);
}

/** A client that has its answer and does not hang up is not waited for. */
function destroyLater(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}
