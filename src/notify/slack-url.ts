/** Slack's own two places, and what an incoming webhook's path is made of. */
const WEBHOOK = /^https:\/\/hooks\.slack(?:-gov)?\.com\/services\/[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/;
const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5}\/[\w/-]*$/;

/** Where posts may go. `loopback`: nowhere else than to this machine, as everything of the embedded account. */
export type Reach = 'slack' | 'loopback';

/**
 * The address of a webhook, from what lies behind the reference in Settings. It is a secret, as a whole: who has it may
 * post, and no message shows it.
 * @returns undefined for any other address.
 */
export function webhookOf(secret: string, reach: Reach): string | undefined {
  const url = secret.trim();
  return (reach === 'slack' ? WEBHOOK : LOOPBACK).test(url) ? url : undefined;
}

/** What it should have been, without what it is. */
export function notAWebhook(reach: Reach): string {
  return reach === 'slack'
    ? 'what lies behind the reference is no address of an incoming webhook: https://hooks.slack.com/services/… or https://hooks.slack-gov.com/services/…'
    : 'what lies behind the reference is no loopback address, and the embedded account posts nowhere else: http://127.0.0.1:PORT/…';
}
