// Makes ready what every end-to-end file needs: tools, the packaged extension and the driver, installed once.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT, mustRun } from '../../../scripts/lib/command.mjs';
import { ensureChromium, ensureCodeServer } from '../../../scripts/lib/tools.mjs';

/** @param {import('vitest/node').TestProject} project */
export async function setup(project) {
  const tools = await ensureCodeServer();
  const chromium = await ensureChromium();
  const output = path.join(ROOT, 'test/output');
  mkdirSync(output, { recursive: true });

  const vsix =
    process.env.E2E_VSIX ?? path.join(ROOT, `out/smuggler-inspector-${process.platform}-${process.arch}.vsix`);
  if (!existsSync(vsix)) throw new Error(`Found no ${vsix}: run \`npm run package\` first.`);
  const driver = path.join(output, 'e2e-driver.vsix');
  await mustRun(
    process.execPath,
    [path.join(ROOT, 'node_modules/@vscode/vsce/vsce'), 'package', '--out', driver, '--allow-missing-repository'],
    { cwd: path.join(ROOT, 'test/e2e/driver') },
  );

  const installation = mkdtempSync(path.join(tmpdir(), 'smuggler-e2e-extensions-'));
  const extensions = path.join(installation, 'extensions');
  await mustRun(
    tools.codeServer,
    [
      ...['--config', path.join(installation, 'config.yaml')],
      ...['--user-data-dir', path.join(installation, 'data')],
      ...['--extensions-dir', extensions],
      ...['--install-extension', vsix, '--install-extension', driver, '--force'],
    ],
    {
      env: {
        ...process.env,
        HOME: installation,
        XDG_CONFIG_HOME: path.join(installation, '.config'),
        PATH: `${tools.node}${path.delimiter}${process.env.PATH}`,
      },
    },
  );
  project.provide('codeServer', tools.codeServer);
  project.provide('node', tools.node);
  project.provide('chromium', chromium);
  project.provide('extensions', extensions);
  project.provide('output', output);
  return () => {
    rmSync(installation, { recursive: true, force: true });
  };
}
