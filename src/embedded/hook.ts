import type { EmbeddedPlugin } from './attach.ts';

/** Where a DNS resolver listens. */
export interface ResolverAddress {
  readonly host: string;
  readonly port: number;
}

/** What a function finds at `globalThis[Symbol.for('trueup.embedded')]` when it runs in an embedded account. */
export interface EmbeddedHook {
  /** Attaches an SDK client, signed with whatever credentials it has: `client.middlewareStack.use(hook.plugin)`. */
  readonly plugin: EmbeddedPlugin;
  /** Milliseconds since the epoch by the account's clock. */
  now(): number;
  /** Lets the account's clock pass, without waiting; it counts against the function's time-out as if it had waited. */
  sleep(milliseconds: number): Promise<void>;
  /** The resolver that the function asks: that of its VPC, or one outside, which knows public zones only. */
  readonly resolver?: ResolverAddress;
}
