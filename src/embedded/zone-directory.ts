import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { DnsError, DnsSyntaxError, ZoneError } from '../dns/errors.ts';
import { parseMasterFile } from '../dns/master-file.ts';
import { foldName, parseName } from '../dns/name.ts';
import type { WireName, Zone } from '../dns/types.ts';

const SUFFIX = '.zone';

/** Where a primary has its zones from. */
export interface ZoneSource {
  /** By the folded name of its top. @throws ZoneError naming the place, when its file cannot be read any more. */
  find(origin: WireName): Zone | undefined;
  /** @throws ZoneError naming file, line and column. */
  reload(): void;
}

interface Loaded {
  /** Changes whenever the file does. */
  readonly version: string;
  readonly zone: Zone;
}

/** Serves the master files `<origin>.zone` of a directory; a file that changed is read again when it is asked for. */
export function openZoneDirectory(directory: string): ZoneSource {
  const loaded = new Map<string, Loaded>();

  function load(file: string): Zone {
    const path = join(directory, file);
    const { mtimeNs, size } = statSync(path, { bigint: true });
    const version = `${mtimeNs} ${size}`;
    const known = loaded.get(file);
    if (known?.version === version) return known.zone;
    const zone = parse(path, originText(file));
    loaded.set(file, { version, zone });
    return zone;
  }

  function files(): string[] {
    return readdirSync(directory).filter((file) => file.endsWith(SUFFIX));
  }

  return {
    find(origin) {
      const file = files().find((name) => foldName(parseName(originText(name), 'decimal')) === origin);
      return file === undefined ? undefined : load(file);
    },
    reload() {
      loaded.clear();
      for (const file of files()) load(file);
    },
  };
}

function parse(path: string, origin: string): Zone {
  try {
    return parseMasterFile(readFileSync(path, 'latin1'), { origin });
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    const place = error instanceof DnsSyntaxError && error.line !== undefined ? `:${error.line}:${error.column}` : '';
    throw new ZoneError(`${path}${place}: ${error.message}`, { code: error.code, hint: error.hint });
  }
}

/** The zone's name, absolute: a slash (RFC 2317) cannot stand in a file's name. */
function originText(file: string): string {
  return `${file.slice(0, -SUFFIX.length).replaceAll(/%2f/gi, '/')}.`;
}
