/** A JSON pointer (RFC 6901) one step longer. */
export function childPointer(pointer: string, key: string | number): string {
  const segment = String(key);
  return `${pointer}/${/[~/]/.test(segment) ? segment.replaceAll('~', '~0').replaceAll('/', '~1') : segment}`;
}

export function pointerSegments(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** As people write it: `/spec/primaries/0` is `spec.primaries[0]`; the whole document is `the document`. */
export function dottedPath(pointer: string): string {
  if (pointer === '') return 'the document';
  return pointerSegments(pointer).reduce((path, segment) => {
    if (/^[0-9]+$/.test(segment) && path !== '') return `${path}[${segment}]`;
    if (!/^[A-Za-z0-9_-]+$/.test(segment)) return `${path}["${segment}"]`;
    return path === '' ? segment : `${path}.${segment}`;
  }, '');
}
