/** @file Collects the starter model's texts into folders: `train` and `held-out`, each with a folder a kind. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import picomatch from 'picomatch';
import { ROOT, mustRun } from '../lib/command.mjs';
import { DEBIAN_SOURCES, HELD_OUT_EVERY, NPM_SOURCES } from './sources.mjs';

/** Longer lines on average are minified or data. */
const LONGEST_LINES = 160;

/**
 * @typedef {{ kind: import('./sources.mjs').Kind, package: string, version: string, licence: string, train: number, heldOut: number }} Collected
 */

/** Text of a page without its markup. */
function withoutMarkup(html) {
  return html
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<(?:p|br|h\d|li|tr|div)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&amp;/g, '&')
    .replace(/[ \t]*\r?\n[ \t]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n');
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

/** One file in HELD_OUT_EVERY, by its path. */
function isHeldOut(name) {
  return createHash('sha256').update(name).digest().readUInt32BE(0) % HELD_OUT_EVERY === 0;
}

/** Bytes [from, to) cut back to whole lines; a negative `from` counts from the end. */
function part(bytes, [from, to]) {
  const start = from < 0 ? Math.max(0, bytes.length + from) : from;
  const end = Math.min(bytes.length, to);
  const first = start === 0 ? 0 : bytes.indexOf(10, start) + 1;
  return bytes.subarray(first, end === bytes.length ? end : bytes.lastIndexOf(10, end) + 1);
}

/**
 * Copies one source's texts.
 * @param {import('./sources.mjs').Source} source
 * @param {string} from the package's folder
 * @param {string} to
 * @param {string} version
 * @returns {Collected}
 */
function collect(source, from, to, version) {
  const wanted = picomatch(source.files, { ignore: source.not ?? [] });
  const namedHeldOut = source.heldOut === undefined ? undefined : picomatch(source.heldOut);
  const sizes = { train: 0, heldOut: 0 };
  const write = (side, name, bytes) => {
    const folder = path.join(to, side === 'train' ? 'train' : 'held-out', source.kind);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `${source.package}/${name}`.replaceAll('/', '__')), bytes);
    sizes[side] += bytes.length;
  };
  for (const name of filesBelow(from).filter((file) => wanted(file))) {
    const raw = readFileSync(path.join(from, name));
    const bytes = source.strip === 'html' ? Buffer.from(withoutMarkup(raw.toString('latin1'))) : raw;
    const cut = source.cut?.[name];
    if (cut !== undefined) {
      write('train', name, part(bytes, cut.train));
      write('heldOut', name, part(bytes, cut.heldOut));
      continue;
    }
    const lines = bytes.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 1);
    if (bytes.length === 0 || bytes.length / lines > LONGEST_LINES) continue;
    const heldOut = namedHeldOut === undefined ? isHeldOut(`${source.package}/${name}`) : namedHeldOut(name);
    write(heldOut ? 'heldOut' : 'train', name, bytes);
  }
  if (sizes.train === 0) throw new Error(`${source.package} ${version} has none of ${source.files.join(', ')}.`);
  return { kind: source.kind, package: source.package, version, licence: source.licence, ...sizes };
}

/** Downloads a Debian package and unpacks it below `folder`. */
async function unpackDebian(name, folder) {
  const downloads = path.join(folder, 'packages');
  const unpacked = path.join(folder, name);
  mkdirSync(downloads, { recursive: true });
  if (!readdirSync(downloads).some((file) => file.startsWith(`${name}_`))) {
    await mustRun('apt-get', ['download', '-q', name], { cwd: downloads });
  }
  const file = readdirSync(downloads).find((entry) => entry.startsWith(`${name}_`));
  rmSync(unpacked, { recursive: true, force: true });
  await mustRun('dpkg-deb', ['-x', path.join(downloads, file), unpacked]);
  return { unpacked, version: decodeURIComponent(file.split('_')[1]) };
}

/**
 * Collects all texts below `folder`, from nothing but the packages.
 * @param {string} folder
 * @returns {Promise<Collected[]>}
 */
export async function collectCorpus(folder) {
  const corpus = path.join(folder, 'corpus');
  rmSync(corpus, { recursive: true, force: true });
  const collected = [];
  for (const source of NPM_SOURCES) {
    const from = path.join(ROOT, 'node_modules', source.package);
    const { version, license } = JSON.parse(readFileSync(path.join(from, 'package.json'), 'utf8'));
    if (license !== source.licence)
      throw new Error(`${source.package} ${version} is under ${license}, not ${source.licence}.`);
    collected.push(collect(source, from, corpus, version));
  }
  for (const source of DEBIAN_SOURCES) {
    const { unpacked, version } = await unpackDebian(source.package, path.join(folder, 'debian'));
    collected.push(collect(source, unpacked, corpus, version));
  }
  return collected;
}

/** Texts of a kind, in the order of their names. */
export function textsOf(folder, side, kind) {
  const from = path.join(folder, 'corpus', side, kind);
  return readdirSync(from)
    .sort()
    .map((name) => ({ path: name, bytes: new Uint8Array(readFileSync(path.join(from, name))) }));
}
