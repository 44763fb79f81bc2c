/** What became of the one comment, or the one issue. */
export interface Posted {
  readonly action: 'created' | 'opened' | 'updated' | 'unchanged' | 'closed' | 'reopened' | 'failed';
  readonly id?: number;
  readonly url?: string;
  /** Why it failed, or was left as it is. */
  readonly reason?: string;
}

/** Something that somebody wrote. */
export interface Written {
  readonly id: number;
  readonly body: string | null;
  readonly html_url: string;
  readonly user: { readonly id: number } | null;
  readonly performed_via_github_app?: { readonly id: number } | null;
}

export function failed(error: unknown): Posted {
  return { action: 'failed', reason: error instanceof Error ? error.message : String(error) };
}
