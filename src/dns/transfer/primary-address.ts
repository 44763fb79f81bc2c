import { DnsSyntaxError } from '../errors.ts';

const DNS_PORT = 53;

/** TCP ports (RFC 9293 §3.1). */
const MAX_PORT = 65_535;

/**
 * `host`, `host:port`, `[v6]:port` or a bare IPv6 address, as the schema admits them.
 * @throws DnsSyntaxError for anything else.
 */
export function parsePrimary(text: string): { readonly host: string; readonly port: number } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  if (bracketed) return { host: bracketed[1] ?? '', port: parsePort(bracketed[2] ?? String(DNS_PORT), text) };
  const colons = text.split(':').length - 1;
  if (colons !== 1) return { host: text, port: DNS_PORT };
  const [host = '', port = ''] = text.split(':');
  return { host, port: parsePort(port, text) };
}

function parsePort(digits: string, text: string): number {
  const port = Number(digits);
  if (/^\d{1,5}$/.test(digits) && port > 0 && port <= MAX_PORT) return port;
  throw new DnsSyntaxError(`${text} names no port from 1 to ${MAX_PORT}.`, {
    code: 'bad-port',
    hint: 'Write host, host:port or [v6]:port.',
  });
}
