import type { EmbeddedAccount } from '../embedded/index.ts';
import type { Project } from '../operations/project.ts';
import { approvalsOf, homeOf, isLoop } from '../reconcilers/reconcile-loop/loop-document.ts';

/**
 * Somebody's own loop names a bucket and a key that the embedded account cannot know. They are made up there, so that a
 * first `publish` is not refused for them.
 */
export function makeUpLoops(project: Project, account: EmbeddedAccount, note: (text: string) => void): void {
  const home = homeOf(project.estate);
  for (const document of project.documents.filter(isLoop)) {
    const { source, signingKey } = document.spec;
    const buckets = new Set([source.s3?.bucket, approvalsOf(document)?.bucket].filter((name) => name !== undefined));
    const made = [
      ...[...buckets].filter((name) => account.inventBucket(name, home)).map((name) => `bucket ${name}`),
      ...(signingKey !== undefined && account.inventSigningKey(signingKey) ? [`key ${signingKey}`] : []),
    ];
    if (made.length > 0) note(`The embedded account has no ${made.join(', no ')}: made up.`);
  }
}
