import { globalAgent } from 'node:https';
import type { Agent } from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** An HTTP proxy for calls of AWS's API. */
export interface Proxy {
  /** `http://host:port`; never with credentials. */
  readonly url: string;
  /** Hosts, and domains with a dot in front, that are spoken to directly. */
  readonly noProxy: readonly string[];
}

/** Tunnels TLS connections through a proxy by CONNECT (RFC 9110 §9.3.6), but for the hosts that are spoken to directly. */
export function proxyAgent(proxy: Proxy): Agent {
  return new TunnelAgent(proxy);
}

type Connect = HttpsProxyAgent<string>['connect'];

class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #direct: readonly string[];

  constructor({ url, noProxy }: Proxy) {
    super(url, { keepAlive: true });
    this.#direct = noProxy;
  }

  override connect(...[request, options]: Parameters<Connect>): ReturnType<Connect> {
    const { host } = options;
    // agent-base hands the request on where another agent comes back instead of a socket.
    if (typeof host === 'string' && isDirect(host, this.#direct)) return globalAgent as never;
    return super.connect(request, options);
  }
}

/** Is it one of the hosts, or below one of the domains? Without regard to letter case. */
export function isDirect(host: string, rules: readonly string[]): boolean {
  const name = host.toLowerCase();
  return rules.some((rule) => {
    const wanted = rule.toLowerCase().replace(/^\*(?=\.)/, '');
    return wanted === '*' || (wanted.startsWith('.') ? name.endsWith(wanted) : name === wanted);
  });
}
