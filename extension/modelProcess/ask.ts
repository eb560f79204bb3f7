/** @file One typed question to the model process over its connection: the client's side of every request. */
import { randomUUID } from 'node:crypto';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc/node';
import { ProgressType, RequestType } from 'vscode-jsonrpc/node';
import type { Request, Requests } from '../../model/protocol/requests';

/** Requests by name; `Requests`, but for a program of its own in a test. */
export type RequestTable<Table> = { readonly [Name in keyof Table]: Request<object, unknown, unknown> };

export interface AskOptions<Progress> {
  readonly token?: CancellationToken | undefined;
  /** Called any number of times before the answer. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** @throws ResponseError with one of `ErrorCode` and a sentence, or where the connection ends before the answer */
export async function ask<Name extends string & keyof Table, Table extends RequestTable<Table> = Requests>(
  connection: MessageConnection,
  name: Name,
  params: Table[Name]['params'],
  { token, onProgress }: AskOptions<Table[Name]['progress']> = {},
): Promise<Table[Name]['answer']> {
  const type = new RequestType<object, Table[Name]['answer'], void>(name);
  if (onProgress === undefined) return connection.sendRequest(type, params, token);
  const progressToken = randomUUID();
  const listening = connection.onProgress(new ProgressType<Table[Name]['progress']>(), progressToken, onProgress);
  try {
    return await connection.sendRequest(type, { ...params, progressToken }, token);
  } finally {
    listening.dispose();
  }
}
