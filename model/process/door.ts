/** @file The door of the model process: every message is looked up in the table, checked, given its turn, and answered once. */
import * as v from 'valibot';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc/node';
import { ProgressType } from 'vscode-jsonrpc/node';
import { ErrorCode } from '../measures/errorCodes';
import type { AnswerOf, NotificationName, ProgressOf, RequestName } from '../protocol/requests';
import { isDeviceLostError } from '../runtime/onnxSession';
import type { ParamsSchema } from './params';
import { RequestError, responseError } from './requestErrors';
import type { Holdings, Role, Run } from './requests';
import { NOTIFICATIONS, REQUESTS } from './requests';
import { sentence } from './sentence';

/** Characters of a value that are quoted. */
const QUOTED = 40;

/** Answers what comes over the connection, in the order of its urgency. */
export function openDoor(connection: MessageConnection, role: Role, holdings: Holdings): void {
  connection.onRequest(async (name: string, message: unknown, token: CancellationToken) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => {
      controller.abort();
    });
    if (token.isCancellationRequested) controller.abort();
    try {
      const request = knownName(name, role);
      const { progressToken, asked } = unpacked(message, name);
      return await answer(request, asked, holdings, controller.signal, (value) => {
        if (progressToken !== undefined) void connection.sendProgress(new ProgressType(), progressToken, value);
      });
    } catch (error) {
      // A device that was lost may take what comes next with it: whoever started this process goes on elsewhere.
      if (isDeviceLostError(error)) {
        process.stderr.write(`${error.message}\n`);
        process.exit(1);
      }
      return responseError(error);
    }
  });
  connection.onNotification((name: string, message: unknown) => {
    try {
      take(name, message, holdings);
    } catch (error) {
      // Nobody waits for an answer that could say so.
      process.stderr.write(`${sentence((error as Error).message)}\n`);
    }
  });
}

/** @throws RequestError where there is no such request, or this process does not answer it */
function knownName(name: string, role: Role): RequestName {
  if (!Object.hasOwn(REQUESTS, name)) throw new RequestError(ErrorCode.badRequest, `There is no request ${name}.`);
  const known = name as RequestName;
  const { role: whose } = REQUESTS[known];
  if (whose !== 'both' && whose !== role) {
    throw new RequestError(
      ErrorCode.badRequest,
      `Request ${name} is not for this process, but for the one of role ${whose}.`,
    );
  }
  return known;
}

/**
 * The parameters, and the token among them under which the asker listens for progress.
 * @throws RequestError where they are no object, or the token no text
 */
function unpacked(
  message: unknown,
  name: string,
): { readonly progressToken: string | undefined; readonly asked: object } {
  const refuse = (problem: string) => new RequestError(ErrorCode.badRequest, `Request ${name}: ${problem}.`);
  if (!isPlainObject(message)) throw refuse(`its parameters are ${described(message)}, expected an object`);
  const { progressToken, ...asked } = message;
  if (progressToken !== undefined && typeof progressToken !== 'string') {
    throw refuse(`parameter "progressToken" is ${described(progressToken)}, expected a text`);
  }
  return { progressToken, asked };
}

/** Not a list, nor a map or another object with ways of its own. */
function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * Answers one request when its turn comes.
 * @param message what came as its parameters
 * @throws RequestError where they are not of its type, at once; else whatever the answer throws
 */
export async function answer<Name extends RequestName>(
  name: Name,
  message: unknown,
  holdings: Holdings,
  signal: AbortSignal,
  onProgress: (progress: ProgressOf<Name>) => void = () => undefined,
): Promise<AnswerOf<Name>> {
  const row = REQUESTS[name];
  const asked = checked(row.params, message, `Request ${name}`);
  const { work, loads } = holdings.answering;
  const { urgency } = row;
  const giveWay = () => work.giveWay(urgency === 'long' ? 'long' : 'background');
  const run: Run<ProgressOf<Name>> = { signal, giveWay, onProgress };
  const perform = async () => row.answer(holdings, asked, run);
  if (urgency === 'atOnce') return perform();
  return urgency === 'load' ? loads.run('now', signal, perform) : work.run(urgency, signal, perform);
}

function take(name: string, message: unknown, { answering }: Holdings): void {
  // Those of the protocol itself begin with a dollar sign, and may be ignored.
  if (name.startsWith('$/')) return;
  if (!Object.hasOwn(NOTIFICATIONS, name)) throw new Error(`There is no notification ${name}.`);
  deliver(name as NotificationName, message, answering);
}

// It ties the schema of a row to what the row takes.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
function deliver<Name extends NotificationName>(name: Name, message: unknown, answering: Holdings['answering']): void {
  const row = NOTIFICATIONS[name];
  row.take(answering, checked(row.params, message, `Notification ${name}`));
}

/** @throws RequestError that names the message and the first parameter that is not as it must be */
function checked<Params>(schema: ParamsSchema<Params>, message: unknown, what: string): Params {
  const result = v.safeParse(schema, message, { abortEarly: true });
  if (result.success) return result.output;
  throw new RequestError(ErrorCode.badRequest, `${what}: ${problem(result.issues[0])}.`);
}

function problem(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue);
  if (place === null) return `its parameters are ${described(issue.input)}, expected ${issue.message}`;
  const isOfKey = issue.path?.at(-1)?.origin === 'key';
  if (isOfKey && issue.expected === 'never') return `parameter "${place}" is unknown`;
  if (isOfKey && issue.input === undefined) return `parameter "${place}" is missing`;
  return `parameter "${place}" is ${described(issue.input)}, expected ${issue.message}`;
}

/** A value in a few words. */
function described(value: unknown): string {
  if (typeof value === 'string') {
    return value.length > QUOTED ? `"${value.slice(0, QUOTED)}…"` : `"${value}"`;
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
