import { isIPv4, isIPv6 } from 'node:net';

/** RFC 1035 §2.3.4: 255 octets on the wire, hence 253 characters without the final dot. */
const MAX_NAME = 253;
/** RFC 1035 §2.3.4. */
const MAX_LABEL = 63;
const MAX_PORT = 65_535;

const LABEL = /^[A-Za-z0-9_/-]+$/;

/** Why it is no domain name as zones are named; `/` stands in RFC 2317 names, `_` in service names. */
export function domainProblem(text: string): string | undefined {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  if (name.length > MAX_NAME) return `it has ${name.length} characters, the limit is ${MAX_NAME}`;
  // oxlint-disable-next-line no-control-regex -- everything outside of ASCII
  if (/[^\u0000-\u007f]/.test(name)) return 'write it in its ASCII form (xn--…)';
  const labels = name.split('.');
  if (labels.includes('')) return 'a label is empty';
  const long = labels.find((label) => label.length > MAX_LABEL);
  if (long !== undefined) return `a label has ${long.length} characters, the limit is ${MAX_LABEL}`;
  return labels.every((label) => LABEL.test(label)) ? undefined : 'a character is not allowed in it';
}

function isPort(text: string): boolean {
  return /^[1-9][0-9]{0,4}$/.test(text) && Number(text) <= MAX_PORT;
}

const PORT_PROBLEM = 'the port is a number from 1 to 65535';

function bracketedProblem(text: string): string | undefined {
  const close = text.indexOf(']');
  if (!isIPv6(text.slice(1, close))) return 'what stands in brackets is no IPv6 address';
  const rest = text.slice(close + 1);
  if (rest === '') return undefined;
  return rest.startsWith(':') && isPort(rest.slice(1)) ? undefined : PORT_PROBLEM;
}

/** Why it is neither `host`, `host:port` nor `[v6]:port`. */
export function hostAndPortProblem(text: string): string | undefined {
  if (text.startsWith('[')) return bracketedProblem(text);
  if (isIPv6(text)) return `put the IPv6 address into brackets: "[${text}]"`;
  const [host = '', port, ...rest] = text.split(':');
  if (rest.length > 0) return 'put an IPv6 address into brackets';
  if (port !== undefined && !isPort(port)) return PORT_PROBLEM;
  if (/^[0-9.]+$/.test(host) && !isIPv4(host)) return 'the IPv4 address is not valid';
  return domainProblem(host);
}
