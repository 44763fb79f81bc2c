import type { Author } from './client.ts';
import type { Written } from './posted.ts';

/**
 * Did this token's user, through this token's app, write it? A marker alone is none: anybody can write one, and a bot can
 * quote one (threats T24).
 */
export function isOwn({ user, performed_via_github_app: app }: Written, author: Author): boolean {
  return user?.id === author.user && (author.app === undefined || app == null || app.id === author.app);
}
