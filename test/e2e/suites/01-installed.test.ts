/** @file A fresh install, before any training: the extension activates, the hover shows votes, and nothing leaves the machine. */
import { expect, test } from 'vitest';
import { isReady, waitForExtension } from '../harness/extension';
import { environmentOf, filesBelow, networkSocketsOf } from '../harness/privacy';
import { useSession } from '../harness/session';

/** Where ONNX Runtime keeps a device id and what it wants to send, below the home folder's cache, unless told not to. */
const ENGINE_TRACES = 'DeveloperTools/.onnxruntime';

const session = useSession({ file: 'story.md' });

test('the packaged extension activates with the starter model', async () => {
  const { server, workbench } = session();
  const state = await waitForExtension(server, 'Loading the starter model', isReady);
  expect(state.model).toMatch(/media\/starter$/);
  expect(state.statusBar).toMatch(/^SMUGGLER /);
  await workbench.waitForStatus(/^SMUGGLER starter/);
});

test('the hover shows the votes, in at most seven lines', async () => {
  const { workbench } = session();
  await workbench.focusEditor('story.md');
  await workbench.goTo(3, 20);
  const hover = await workbench.hover('Effective voters');
  const text = await hover.innerText();
  expect(text).toMatch(
    /The model expected .+ [\d.,in %]+ without memory: surprise [\d.]+ bits(, [\d.]+ with memory)? · /,
  );
  expect(text).toMatch(/Effective voters of \d+: [\d.]+ for 1-bits, [\d.]+ for 0-bits/);
  expect(text).toMatch(
    /Who decided \(bit\/voter\), and bits of surprise without it: \d+\/\d+ .*voted [\d.]+, [+−][\d.]+/,
  );
  expect(await hover.locator('img').count()).toBe(1);
  expect(
    text
      .trim()
      .split('\n')
      .filter((line) => line.trim() !== '').length,
  ).toBeLessThanOrEqual(7);
  await workbench.page.keyboard.press('Escape');
});

test("the engine's telemetry is off", async () => {
  const { server } = session();
  const { processes } = await waitForExtension(
    server,
    'Starting the model process',
    (s) => s.processes.answer !== null,
  );
  expect(environmentOf(processes.answer!).get('ORT_DISABLE_TELEMETRY')).toBe('1');
  expect(networkSocketsOf(processes.answer!)).toBe(0);
  const traces = filesBelow(server.home).filter((file) => file.includes(ENGINE_TRACES));
  expect(traces).toEqual([]);
});

test('no request leaves the machine', () => {
  expect(session().workbench.external).toEqual([]);
});
