/** @file `npm start`: builds the extension and opens VS Code with it and the sample texts; without a VS Code, one in the browser. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { buildAll } from './build.mjs';
import { ROOT, findOnPath, mustRun, run } from './lib/command.mjs';
import { ensureCodeServer } from './lib/tools.mjs';
import { withProgress } from './lib/waiting.mjs';

const SAMPLE = path.join(ROOT, 'media/sample');
const SAMPLE_FILE = path.join(SAMPLE, 'story.md');
const PORT = 8377;

/** Tells the extension to open its walkthrough. */
const WALKTHROUGH = { SMUGGLER_WALKTHROUGH: '1' };

/** Settings of the VS Code in the browser, until they are changed there: nothing in the way of a first look. */
const FIRST_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'git.openRepositoryInParentFolders': 'never',
};

/** Whether a desktop VS Code took the extension and the sample. */
async function openDesktop() {
  const code = findOnPath('code');
  if (code === undefined) return false;
  const { code: exitCode, output } = await run(
    code,
    ['--new-window', `--extensionDevelopmentPath=${ROOT}`, SAMPLE, SAMPLE_FILE],
    { env: { ...process.env, ...WALKTHROUGH } },
  );
  if (exitCode !== 0) console.warn(`${code} did not start (${output.trim().split('\n')[0]}): using the browser.`);
  return exitCode === 0;
}

/** The port of every start, so that the browser finds what it kept; any other where that one is taken. */
function choosePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(0));
    server.listen(PORT, '127.0.0.1', () => server.close(() => resolve(PORT)));
  });
}

/** Serves VS Code on the loopback address until it is interrupted. */
async function openInBrowser() {
  const tools = await ensureCodeServer();
  const home = path.join(ROOT, '.tools/home');
  const data = path.join(home, 'data');
  const settings = path.join(data, 'User/settings.json');
  mkdirSync(path.dirname(settings), { recursive: true });
  if (!existsSync(settings)) {
    writeFileSync(settings, `${JSON.stringify(FIRST_SETTINGS, null, 2)}\n`);
  }
  const config = path.join(home, 'config.yaml');
  writeFileSync(config, 'auth: none\n');
  const env = {
    ...process.env,
    PATH: `${tools.node}${path.delimiter}${process.env.PATH}`,
    VSCODE_IPC_HOOK_CLI: '',
    ...WALKTHROUGH,
  };
  const folders = ['--config', config, '--user-data-dir', data, '--extensions-dir', path.join(home, 'extensions')];

  await withProgress('Packing the extension', () =>
    mustRun(process.execPath, [path.join(ROOT, 'scripts/package.mjs')]),
  );
  const vsix = path.join(ROOT, `out/smuggler-inspector-${process.platform}-${process.arch}.vsix`);
  await withProgress('Installing the extension', () =>
    mustRun(tools.codeServer, [...folders, '--install-extension', vsix, '--force'], { env }),
  );

  const child = spawn(
    tools.codeServer,
    [
      ...folders,
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${await choosePort()}`],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      ...['--disable-workspace-trust', '--disable-proxy', '--ignore-last-opened'],
    ],
    { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const stop = () => {
    try {
      process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended.
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  let output = '';
  let announced = false;
  const read = (chunk) => {
    if (announced) return;
    output += chunk;
    const url = /listening on (http:\/\/127\.0\.0\.1:\d+)\//.exec(output)?.[1];
    if (url === undefined) return;
    announced = true;
    const file = `vscode-remote://${new URL(url).host}${SAMPLE_FILE}`;
    const address = new URL(url);
    address.searchParams.set('folder', SAMPLE);
    address.searchParams.set('payload', JSON.stringify([['openFile', file]]));
    console.log(`\nOpen ${address.href}\n\nThe walkthrough beside the text says what to do first. Ctrl-C stops it.`);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  child.on('exit', (code) => {
    if (!announced) console.error(output);
    process.exit(announced ? 0 : (code ?? 1));
  });
}

try {
  await buildAll({ production: false });
  if (await openDesktop())
    console.log('VS Code opens with the extension, the sample texts and a walkthrough that says what to do first.');
  else await openInBrowser();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
