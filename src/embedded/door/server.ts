import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { EmbeddedError } from '../errors.ts';
import type { Host } from '../host.ts';
import { PREFIX, readAddress } from './address.ts';
import { openGateway } from './gateway.ts';
import type { Gateway } from './gateway.ts';
import { MAX_BODY_OCTETS, readBody } from './read-body.ts';
import { BAD_REQUEST, FAILED, HEADERS_TOO_LARGE, NOT_FOUND, TOO_LARGE, joinHeaders } from './request.ts';
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
/** How long a client may take to send a request, and its headers: longer than any that is in earnest on loopback. */
const REQUEST_MS = 30_000;
const HEADERS_MS = 10_000;
/** How long a body that was refused is let run on, so that the client reads the answer instead of a reset. */
const LINGER_MS = 1000;

/**
 * Opens an HTTP server on loopback that does what API Gateway does (docs/architecture.md, "The loopback door").
 *
 * @throws EmbeddedError TU4015 for a port that is none or in use
 */
export async function openDoor(host: Host, port: number): Promise<Door> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new EmbeddedError('TU4015', `${port} is no port.`, 'A port is a whole number up to 65535; 0: any free one.');
  }
  const gateway = openGateway(host);
  const server = createServer({
    insecureHTTPParser: false,
    maxHeaderSize: MAX_PARSED_OCTETS,
    requestTimeout: REQUEST_MS,
    headersTimeout: HEADERS_MS,
  });
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
    refuseConnection(socket, error.code === 'HPE_HEADER_OVERFLOW' ? HEADERS_TOO_LARGE : BAD_REQUEST);
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
  if (address === 'malformed' || !isPlainlyFramed(headers)) return BAD_REQUEST;
  const open = address && gateway.find(address.api, address.path);
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

/** Bodies have a length or come in chunks; no other coding is undone here, and none is handed on. */
function isPlainlyFramed(headers: ReadonlyMap<string, string>): boolean {
  const coding = headers.get('transfer-encoding');
  return coding === undefined || (coding.toLowerCase() === 'chunked' && !headers.has('content-length'));
}

function headerOctets({ method = '', rawHeaders }: IncomingMessage, target: number): number {
  const values = rawHeaders.filter((_text, index) => index % 2 === 1);
  return method.length + target + values.reduce((sum, value) => sum + value.length, 0);
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
  const { socket } = request;
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}

/** What the parser does not take is answered before anything of it is looked at. */
function refuseConnection(socket: Socket, answer: DoorAnswer): void {
  if (!socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const head = `HTTP/1.1 ${answer.status} ${answer.status === 431 ? 'Request Header Fields Too Large' : 'Bad Request'}`;
  const body = String(answer.body);
  socket.end(
    `${head}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}
