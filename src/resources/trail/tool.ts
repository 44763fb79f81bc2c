import type { Tool } from '../../engine/types.ts';

/** As tools name themselves: HashiCorp's and OpenTofu's providers, both AWS CLIs, the console's pages, the SDKs. */
const BY_USER_AGENT: readonly (readonly [Tool, RegExp])[] = [
  ['terraform', /terraform|opentofu/i],
  ['cli', /^aws-cli\//i],
  ['console', /console\.amazonaws\.com|^\[?(AWS|S3)Console|^Mozilla\//i],
  ['sdk', /aws-sdk-|^Boto3?\/|^Botocore\//i],
];

/**
 * With what a call was made. A user agent is what the client says of itself: good for people, no proof.
 *
 * @param isFromConsole `sessionCredentialFromConsole` of the event: credentials of a session of the console, which
 *   CloudShell has as well.
 */
export function toolOf(userAgent: string, isFromConsole: boolean): Tool {
  const named = BY_USER_AGENT.find(([, pattern]) => pattern.test(userAgent))?.[0];
  if (named === 'terraform' || named === 'cli') return named;
  return isFromConsole ? 'console' : (named ?? 'other');
}
