/** What was published on a topic. */
export interface PublishedMessage {
  readonly messageId: string;
  /** Milliseconds since the epoch, by the account's clock. */
  readonly at: number;
  readonly subject?: string;
  readonly message: string;
  /** By name; all of them are text. */
  readonly attributes: Readonly<Record<string, string>>;
}
