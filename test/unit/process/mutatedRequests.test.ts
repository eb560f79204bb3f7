/** @file Requests whose parameters are not what their types say: each is answered soon, in a sentence, and the process answers on. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ResponseError, RequestType } from 'vscode-jsonrpc/node';
import { ErrorCode } from '../../../model/measures/errorCodes';
import type { Role } from '../../../model/process/requests';
import { REQUESTS } from '../../../model/process/requests';
import type { RequestName } from '../../../model/protocol/requests';
import { goldenFolder } from '../inspection/goldenModel';
import type { HostProcess } from './childProcess';
import { bundleHost, forkHost } from './childProcess';
import { DOCUMENT, validRequests } from './validRequests';

/** Milliseconds within which each is answered, so many at a time. */
const SOON = 10_000;
const AT_A_TIME = 32;

const ODD_VALUES: readonly unknown[] = [
  null,
  undefined,
  true,
  '',
  '\0',
  '\u202Eodd\n'.repeat(20_000),
  NaN,
  Infinity,
  -1,
  0.5,
  1e308,
  2 ** 53,
  [],
  [true],
  [[[[]]]],
  Array.from({ length: 1_000 }, (_, i) => i),
  { odd: { odd: [] } },
  new Map([['odd', 1]]),
  new Float64Array(3),
];

interface Mutated {
  readonly name: RequestName;
  /** The parameter that is wrong, such as `changes.0.vote`; '' for all of them. */
  readonly parameter: string;
  readonly params: unknown;
  /** Whether no request can take it. */
  readonly isWrong: boolean;
}

/** A value with another one at a path; without that part where `change` gives none. */
function changed(value: unknown, [key, ...rest]: readonly string[], change: () => unknown[]): unknown {
  if (key === undefined) return change()[0];
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.flatMap((item, i) =>
      String(i) !== key ? [item] : rest.length > 0 ? [changed(item, rest, change)] : change(),
    );
  }
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([name, item]: [string, unknown]) => {
      if (name !== key) return [[name, item]];
      return rest.length > 0 ? [[name, changed(item, rest, change)]] : change().map((other) => [name, other]);
    }),
  );
}

/** The paths of everything in a value. */
function pathsOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => [
    [key],
    ...pathsOf(item).map((rest) => [key, ...rest]),
  ]);
}

function mutatedRequests(folder: string): Mutated[] {
  return Object.entries(validRequests(folder)).flatMap(([known, valid]) => {
    const name = known as RequestName;
    const whole = ODD_VALUES.map((params): Mutated => ({ name, parameter: '', params, isWrong: false }));
    const extra = ['odd', 'progressToken'].map((parameter): Mutated => ({
      name,
      parameter,
      params: { ...valid, [parameter]: { odd: 1 } },
      isWrong: true,
    }));
    const parts = pathsOf(valid).flatMap((path): Mutated[] => {
      const parameter = path.join('.');
      const absent = { name, parameter, params: changed(valid, path, () => []), isWrong: false };
      const others = ODD_VALUES.map((odd) => ({
        name,
        parameter,
        params: changed(valid, path, () => [odd]),
        isWrong: odd instanceof Map,
      }));
      return [absent, ...others];
    });
    return [...whole, ...extra, ...parts];
  });
}

let bundle: Awaited<ReturnType<typeof bundleHost>>;
const folder = mkdtempSync(join(tmpdir(), 'smuggler-mutated-'));
const started: HostProcess[] = [];

beforeAll(async () => {
  cpSync(goldenFolder('chained'), join(folder, 'model'), { recursive: true });
  bundle = await bundleHost();
});
afterAll(() => {
  for (const { child } of started) child.kill('SIGKILL');
  bundle.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** What the request ends with; that it took too long, where it does. */
async function outcomeOf({ connection }: HostProcess, { name, params }: Mutated): Promise<unknown> {
  const request = connection.sendRequest(new RequestType<unknown, unknown, void>(name), params);
  return Promise.race([request.catch((error: unknown) => error), sleep(SOON, 'too late')]);
}

function check({ name, parameter, isWrong }: Mutated, outcome: unknown): void {
  const what = `${name} ${parameter}`;
  expect(outcome, what).not.toBe('too late');
  if (!(outcome instanceof ResponseError)) {
    expect(isWrong, what).toBe(false);
    return;
  }
  const { code, message } = outcome;
  expect(code, `${what}: ${message}`).not.toBe(ErrorCode.internal);
  expect(message.length, message).toBeLessThanOrEqual(300);
  expect(message).toMatch(/^[^\n\u202E]+\.$/);
  if (!isWrong) return;
  expect(code, what).toBe(ErrorCode.badRequest);
  expect(message).toContain(`Request ${name}: parameter "${parameter}`);
}

test.each<Role>(['answer', 'train'])('the process of role %s', async (role) => {
  const host = forkHost(bundle.program, role);
  started.push(host);
  if (role === 'answer') {
    await host.ask('model/load', {
      folder: join(folder, 'model'),
      findings: join(folder, 'own'),
      device: 'cpu',
      threads: 1,
    });
    await host.tell('document/sync', {
      ...DOCUMENT,
      bytes: new TextEncoder().encode('const größe = [1, 2, 3];\n'.repeat(8)),
    });
  }
  const requests = mutatedRequests(folder).filter(({ name }) => [role, 'both'].includes(REQUESTS[name].role));
  for (let first = 0; first < requests.length; first += AT_A_TIME) {
    const some = requests.slice(first, first + AT_A_TIME);
    const outcomes = await Promise.all(some.map((request) => outcomeOf(host, request)));
    some.forEach((request, i) => {
      check(request, outcomes[i]);
    });
  }
  expect(await host.ask('process/alive', {})).toBeNull();
  if (role === 'answer') {
    expect(await host.ask('inspect/chunk', { ...DOCUMENT, offset: 9, alternatives: 3 })).toMatchObject({ index: 2 });
  }
});

test('they are as many as were found to be needed', () => {
  expect(mutatedRequests(folder).length).toBeGreaterThan(3_000);
});

test('a text that is sent in a wrong form is one line of the log, and what was there before stays', async () => {
  const host = forkHost(bundle.program, 'answer');
  started.push(host);
  await host.ask('model/load', { folder: join(folder, 'model'), device: 'cpu', threads: 1 });
  const bytes = new TextEncoder().encode('let a = 1;');
  await host.tell('document/sync', { ...DOCUMENT, bytes });
  const wrong = [[], { ...DOCUMENT, version: 4 }, { ...DOCUMENT, version: 4, bytes: [...bytes] }];
  for (const params of wrong) await host.connection.sendNotification('document/sync', params);
  await host.connection.sendNotification('document/burn', {});
  expect(await host.ask('inspect/chunk', { ...DOCUMENT, offset: 0, alternatives: 0 })).toMatchObject({ chunkCount: 3 });
  await expect
    .poll(() => host.errors().trim().split('\n'))
    .toEqual([
      'Notification document/sync: parameter "uri" is missing.',
      'Notification document/sync: parameter "bytes" is missing.',
      'Notification document/sync: parameter "bytes" is a list of 10, expected bytes.',
      'There is no notification document/burn.',
    ]);
});
