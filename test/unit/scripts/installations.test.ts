/** @file The tools of the tests: installed once, named to the tests only where they are there. */
import path from 'node:path';
import { expect, it, vi } from 'vitest';

type Ensure = () => Promise<string | undefined>;
interface Scripts {
  readonly Installations: new (
    variables: ReadonlyMap<Ensure, string>,
    environment: Record<string, string | undefined>,
  ) => { begin(ensure: Ensure): Promise<void> };
}

// A script, which has no types.
const file: string = path.join(import.meta.dirname, '../../../scripts/lib/installations.mjs');
const { Installations } = (await import(file)) as Scripts;

it('a tool is installed once, and its variable set before anyone goes on', async () => {
  const environment: Record<string, string | undefined> = {};
  const ensure = vi.fn(() => Promise.resolve('/usr/bin/browser'));
  const installations = new Installations(new Map([[ensure, 'BROWSER']]), environment);
  await Promise.all([installations.begin(ensure), installations.begin(ensure)]);
  expect(environment).toEqual({ BROWSER: '/usr/bin/browser' });
  expect(ensure).toHaveBeenCalledTimes(1);
});

it('where an installation fails the reason is said, and no variable names what is not there', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const environment: Record<string, string | undefined> = {};
  const ensure = () => Promise.reject(new Error('Install it by hand.'));
  await new Installations(new Map([[ensure, 'BROWSER']]), environment).begin(ensure);
  expect(environment).toEqual({});
  expect(said.mock.calls).toEqual([['Install it by hand.']]);
  said.mockRestore();
});

it('a tool that tests find by themselves sets none', async () => {
  const environment: Record<string, string | undefined> = {};
  await new Installations(new Map(), environment).begin(() => Promise.resolve(undefined));
  expect(environment).toEqual({});
});
