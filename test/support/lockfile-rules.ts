/** An entry of `packages` of a package-lock.json, version 3. */
interface LockedPackage {
  readonly version?: string;
  /** Absent where .npmrc says `omit-lockfile-registry-resolved`: then it is the registry that npm is told. */
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

export interface Lockfile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

const REGISTRY = 'https://registry.npmjs.org/';
/** SHA-512 in base64: 64 octets. */
const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;

/** Below the lowest version of a package at which its known holes are closed. */
export const FLOORS: Readonly<Record<string, string>> = {
  // CVE-2025-69873: a pattern that comes by $data.
  ajv: '8.18.0',
  // CVE-2026-28292 and CVE-2026-6951: arguments that switch the ext protocol on.
  'simple-git': '3.36.0',
  // CVE-2026-33532: nesting that overflows the stack.
  yaml: '2.8.3',
  jsonata: '2.2.2',
};
/** Nobody looks after them any more: what they did is code of our own. */
export const BANNED: readonly string[] = ['aws-kinesis-agg'];

/** Why packages of a lock file may not be installed, a sentence each. Pure. */
export function lockfileFaults({ lockfileVersion, packages }: Lockfile): readonly string[] {
  return [
    ...(lockfileVersion === 3 ? [] : [`lockfileVersion is ${lockfileVersion}, not 3`]),
    ...Object.entries(packages).flatMap(([path, entry]) => (path === '' ? [] : faultsOf(path, entry))),
  ];
}

function faultsOf(path: string, { version = '', resolved, integrity, link }: LockedPackage): readonly string[] {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const floor = FLOORS[name];
  return [
    ...(path.startsWith('node_modules/') && link !== true ? [] : [`${path} is a folder, not a package`]),
    ...(resolved === undefined || resolved.startsWith(REGISTRY) ? [] : [`${path} comes from ${resolved}`]),
    ...(INTEGRITY.test(integrity ?? '') ? [] : [`${path} has no SHA-512`]),
    ...(floor === undefined || isAtLeast(version, floor) ? [] : [`${path} is ${version}, older than ${floor}`]),
    ...(BANNED.includes(name) ? [`${path} is banned`] : []),
  ];
}

/** A version before a release (`8.18.0-beta.1`) is older than it. */
function isAtLeast(version: string, floor: string): boolean {
  const [release = '', preview] = version.split('-');
  const [own, least] = [release, floor].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const at = least.findIndex((number, index) => own[index] !== number);
  return at < 0 ? preview === undefined : (own[at] ?? -1) > (least[at] ?? 0);
}
