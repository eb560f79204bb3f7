/** @file The licences of the packages whose code is in what we ship, as their licences ask. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './command.mjs';

/** Shipped as files, not bundled. */
const SHIPPED = ['onnxruntime-node', 'onnxruntime-common'];

/** `node_modules/a/b.js` → a, `node_modules/@s/a/b.js` → @s/a, of the innermost node_modules; null for our own files. */
function packageOf(input) {
  const at = input.lastIndexOf('node_modules/');
  if (at < 0) return null;
  const parts = input.slice(at + 'node_modules/'.length).split('/');
  const name = parts[0].startsWith('@') ? `${parts[0]}/${parts[1]}` : parts[0];
  return { name, folder: path.join(ROOT, input.slice(0, at), 'node_modules', name) };
}

/**
 * @param {readonly string[]} inputs the files that were bundled, relative to the repository
 * @returns the text of THIRD-PARTY-NOTICES.txt
 */
export function notices(inputs) {
  const folders = new Map(SHIPPED.map((name) => [name, path.join(ROOT, 'node_modules', name)]));
  for (const input of inputs) {
    const found = packageOf(input);
    if (found !== null) folders.set(found.name, found.folder);
  }
  const sections = [...folders].sort().map(([name, folder]) => {
    const { version, license, author, repository } = JSON.parse(
      readFileSync(path.join(folder, 'package.json'), 'utf8'),
    );
    const texts = readdirSync(folder)
      .filter((file) => /^licen[cs]e/i.test(file))
      .map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
    const by = typeof author === 'string' ? author : (author?.name ?? '');
    const home = typeof repository === 'string' ? repository : (repository?.url ?? '');
    const text = texts.length > 0 ? texts.join('\n\n') : `Licence: ${license}. ${by} ${home}`.trim();
    return `${name} ${version} (${license})\n\n${text}`;
  });
  const rule = `\n\n${'-'.repeat(100)}\n\n`;
  return `SMUGGLER Inspector contains code of these packages.${rule}${sections.join(rule)}\n`;
}

/** Where the notices are written. */
export const NOTICES = path.join(ROOT, 'out/THIRD-PARTY-NOTICES.txt');
