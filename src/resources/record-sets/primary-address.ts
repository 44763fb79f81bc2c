const DNS_PORT = 53;

/** `host`, `host:port`, `[v6]:port` or a bare IPv6 address, as the schema admits them. */
export function parsePrimary(text: string): { readonly host: string; readonly port: number } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  if (bracketed) return { host: bracketed[1] ?? '', port: Number(bracketed[2] ?? DNS_PORT) };
  const colons = text.split(':').length - 1;
  if (colons !== 1) return { host: text, port: DNS_PORT };
  const [host = '', port] = text.split(':');
  return { host, port: Number(port) };
}
