/** @file How documents reach the model process: their text once a version, then by reference. */
import { NotificationType } from 'vscode-jsonrpc';

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

export const DocumentSyncNotification = new NotificationType<DocumentSync>('document/sync');

export const DocumentCloseNotification = new NotificationType<{ readonly uri: string }>('document/close');
