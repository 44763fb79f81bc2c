const SUFFIX = '.approval.json';

/** Where the approval of a bundle lies, beside it. @param key of the bundle in its bucket */
export function approvalKey(key: string): string {
  return `${key}${SUFFIX}`;
}
