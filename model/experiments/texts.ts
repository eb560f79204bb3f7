/** @file The texts of an experiment, a domain each: what the user names, else what the program's own packages have. Split by whole files. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ExperimentText } from '../protocol/experiments';
import type { Corpus, CorpusFile } from '../text/corpus';
import { CorpusError, drawWhole, readCorpus, splitCorpus } from '../text/corpus';
import { Random } from '../text/random';
import { characterStart } from '../measures/utf8';
import { corpusFingerprint } from '../training/plan';
import type { Domain, ExperimentSplit } from './experiment';

/** Texts by the names of the packages that hold them; those that are there are read. */
const PACKAGES = [
  { name: 'TypeScript', folders: ['typescript/lib', '@types/node', '@types/vscode'], files: /\.d\.ts$/ },
  {
    name: 'JavaScript',
    folders: ['eslint/lib', 'undici/lib', 'ajv/dist', 'markdown-it/lib', 'typescript-eslint/dist', 'vitest/dist'],
    files: /(?<!\.min)\.[cm]?js$/,
  },
  {
    name: 'English',
    folders: ['undici/docs', 'undici/README.md', 'eslint/README.md', 'commander/Readme.md', 'axe-core/doc'],
    files: /\.md$/i,
  },
  { name: 'German', folders: ['typescript/lib/de'], files: /\.json$/ },
] as const;

const VALIDATION_SHARE = 0.1;
const HELD_OUT_SHARE = 0.1;
/** Of what is held out, the same for all seeds of an experiment. */
const SPLIT_SEED = 0;
const MOST_FILE_BYTES = 64_000_000;

export interface TextOptions {
  /** Files and folders, a domain each; none for the packages' texts. */
  readonly paths: readonly string[];
  /** The `node_modules` in which packages are looked for. */
  readonly packages: string;
  /** Bytes taken of each domain at most. */
  readonly bytesPerDomain: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads and splits the domains. The same texts give the same split on every machine.
 * @throws CorpusError where there is no text, or a domain is too small to be split
 */
export async function readDomains(options: TextOptions): Promise<Domain[]> {
  const { paths, bytesPerDomain, signal } = options;
  const read = (some: readonly string[]) =>
    readCorpus(some, { exclude: [], maxFileBytes: MOST_FILE_BYTES, ...(signal === undefined ? {} : { signal }) });
  const domains: Domain[] = [];
  for (const given of paths) {
    const { files } = await read([given]);
    const name = path.basename(path.resolve(given));
    domains.push(makeDomain(domains.some((other) => other.name === name) ? given : name, files, bytesPerDomain));
  }
  if (paths.length > 0) return domains;
  for (const { name, folders, files: wanted } of PACKAGES) {
    const there = folders.map((folder) => path.join(options.packages, folder)).filter((folder) => existsSync(folder));
    if (there.length === 0) continue;
    const files = (await read(there)).files.filter((file) => wanted.test(file.path));
    if (files.length > 0) domains.push(makeDomain(name, files, bytesPerDomain));
  }
  if (domains.length > 0) return domains;
  throw new CorpusError('This program comes without packages that have text to learn from: name texts with --text.');
}

function bytesOf(files: readonly CorpusFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function makeDomain(name: string, all: readonly CorpusFile[], limit: number): Domain {
  const files = takeBytes(all, limit);
  const [rest, heldOut] = takeOut(files, HELD_OUT_SHARE);
  const [train, validation] = takeOut(rest, VALIDATION_SHARE / (1 - HELD_OUT_SHARE));
  if (validation.length === 0 || heldOut.length === 0) {
    throw new CorpusError(`The text of ${name} is too small: ${bytesOf(files)} bytes, of which none can be held out.`);
  }
  return { name, train, validation, heldOut };
}

/** Whole files in a random order up to `limit` bytes; the one that goes beyond is cut there. */
function takeBytes(all: readonly CorpusFile[], limit: number): CorpusFile[] {
  const random = Random.fromSeed(SPLIT_SEED);
  const order = all.map((file) => ({ file, draw: random.uniform() })).sort((a, b) => a.draw - b.draw);
  const taken: CorpusFile[] = [];
  let left = limit;
  for (const { file } of order) {
    if (left <= 0) break;
    const end = file.bytes.length <= left ? file.bytes.length : characterStart(file.bytes, left);
    if (end > 0) taken.push({ path: file.path, bytes: file.bytes.subarray(0, end) });
    left -= file.bytes.length;
  }
  return taken;
}

/** Whole files of about this share; where no file is small enough, the ends of files. */
function takeOut(
  files: readonly CorpusFile[],
  share: number,
): [rest: readonly CorpusFile[], out: readonly CorpusFile[]] {
  const drawn = drawWhole(files, share, Random.fromSeed(SPLIT_SEED));
  if (drawn.size > 0) return [files.filter((file) => !drawn.has(file)), [...drawn]];
  const corpus: Corpus = { files, skipped: [], bytes: bytesOf(files) };
  const { train, heldOut } = splitCorpus(corpus, share, SPLIT_SEED);
  return [train, heldOut];
}

/** All domains as one text. */
export function joined(domains: readonly Domain[]): ExperimentSplit {
  return {
    train: domains.flatMap(({ train }) => train),
    validation: domains.flatMap(({ validation }) => validation),
    heldOut: domains.flatMap(({ heldOut }) => heldOut),
  };
}

/** What a result says of a domain. */
export function describeDomain({ name, train, validation, heldOut }: Domain): ExperimentText {
  const files = [...train, ...validation, ...heldOut];
  return {
    name,
    files: new Set(files.map((file) => file.path)).size,
    bytes: bytesOf(train),
    heldOutBytes: bytesOf(heldOut),
    sha256: corpusFingerprint(files),
  };
}
