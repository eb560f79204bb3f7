/** @file A Vulkan device that every machine has: SwiftShader, which comes with Chromium, as does the loader that finds it. */
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const DRIVER = 'vk_swiftshader_icd.json';
const LOADER = 'libvulkan.so.1';
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];
/** Where Debian, Ubuntu and Google put it; a launcher on PATH may be a script that stands elsewhere. */
const FOLDERS = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function chromiumFolders(): string[] {
  const named = process.env['CHROMIUM'];
  const onPath = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .flatMap((folder) => BROWSERS.map((name) => path.join(folder, name)))
    .filter(isExecutable);
  const programs = [...(named === undefined ? [] : [named]), ...onPath];
  return [...programs.map((file) => path.dirname(realpathSync(file))), ...FOLDERS];
}

/**
 * The environment in which WebGPU runs on SwiftShader on Linux; elsewhere, where WebGPU does not go through Vulkan, as it is, and the
 * machine's own device is used.
 * @throws Error that says what to install
 */
export function softwareVulkan(): NodeJS.ProcessEnv {
  if (process.platform !== 'linux') return process.env;
  const folder = chromiumFolders().find((candidate) =>
    [DRIVER, LOADER].every((name) => existsSync(path.join(candidate, name))),
  );
  if (folder === undefined) {
    throw new Error(`Found no Chromium with ${DRIVER} and ${LOADER}: install Debian's chromium, or name one in CHROMIUM.`);
  }
  const driver = path.join(folder, DRIVER);
  return {
    ...process.env,
    LD_LIBRARY_PATH: [folder, process.env['LD_LIBRARY_PATH']].filter((entry) => entry !== undefined).join(':'),
    // The name of today and the one that older loaders know.
    VK_DRIVER_FILES: driver,
    VK_ICD_FILENAMES: driver,
    XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] ?? tmpdir(),
  };
}
