/** A key as people configure it. */
export interface TsigKey {
  /** Domain name, text. */
  readonly name: string;
  /** A `TsigAlgorithm` of `key.ts`; `openKey` refuses any other. */
  readonly algorithm: string;
  readonly secret: Uint8Array;
  /** Without it `hmac-md5` is refused. */
  readonly allowMd5?: boolean;
}
