import { unzipSync } from 'fflate';

/** Bytes of a zip's content as its directory tells; undefined: it is no zip, or an empty one. */
export function unzippedSize(zip: Uint8Array): number | undefined {
  let size = 0;
  let files = 0;
  try {
    unzipSync(zip, {
      filter({ originalSize }) {
        size += originalSize;
        files += 1;
        return false;
      },
    });
  } catch {
    return undefined;
  }
  return files === 0 ? undefined : size;
}

/** Files of a zip by their paths, without folders. @throws Error for a path that leads out of the folder. */
export function unzip(zip: Uint8Array): readonly (readonly [path: string, content: Uint8Array])[] {
  const files = Object.entries(unzipSync(zip)).filter(([path]) => !path.endsWith('/'));
  const stray = files.find(([path]) => path.startsWith('/') || path.includes('\\') || path.split('/').includes('..'));
  if (stray !== undefined) throw new Error(`the zip holds a path that leads out of it: ${stray[0]}`);
  return files;
}
