import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { foldName, parseName } from '../dns/name.ts';
import { parseMasterFile } from '../dns/master-file.ts';
import type { WireName, Zone } from '../dns/types.ts';

const SUFFIX = '.zone';

/** Where a primary has its zones from. */
export interface ZoneSource {
  /** By the folded name of its top. @throws DnsSyntaxError when its file cannot be read any more. */
  find(origin: WireName): Zone | undefined;
  /** @throws DnsSyntaxError */
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
    const zone = parseMasterFile(readFileSync(path, 'latin1'), { origin: originText(file) });
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

/** The zone's name, absolute: a slash (RFC 2317) cannot stand in a file's name. */
function originText(file: string): string {
  return `${file.slice(0, -SUFFIX.length).replaceAll(/%2f/gi, '/')}.`;
}
