import type { Author } from './client.ts';
import type { Written } from './posted.ts';

/**
 * Did this token's user, through this token's app, write it? A marker alone is none: anybody can write one, and a bot can
 * quote one (threats T24).
 */
export function isOwn({ user, performed_via_github_app: app }: Written, author: Author): boolean {
  if (user?.id !== author.user) return false;
  return author.app === undefined || !app || app.id === author.app;
}
