/** @file How documents reach the model process: their text once a version, then by reference. */

/** A document's text as UTF-8, sent before the first request that names its version. */
export interface DocumentSync {
  readonly uri: string;
  readonly version: number;
  readonly bytes: Uint8Array;
}

export interface DocumentRef {
  readonly uri: string;
  readonly version: number;
}

/** A run of bytes in a text, and what stood around it when it was found: enough to find it again where the text was edited since. */
export interface FindablePlace {
  /** Of its first byte. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}
