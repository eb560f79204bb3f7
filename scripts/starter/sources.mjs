/** @file What the starter model is trained on: texts of npm packages that this project installs, and of Debian packages. */

/**
 * A text source. `files` and `not` are patterns below the package's folder; `cut` takes the bytes [from, to) of a file instead of
 * the whole. Of the other files those that `heldOut` names are held out, or else one in `HELD_OUT_EVERY`.
 * @typedef {{ kind: Kind, package: string, licence: string, files: string[], not?: string[],
 *   heldOut?: string[], strip?: 'html',
 *   cut?: Record<string, { train: [number, number], heldOut: [number, number] }> }} Source
 * @typedef {'typescript' | 'javascript' | 'python' | 'english'} Kind
 */

/** @type {readonly Kind[]} */
export const KINDS = ['typescript', 'javascript', 'python', 'english'];

export const KIND_NAMES = { typescript: 'TypeScript', javascript: 'JavaScript', python: 'Python', english: 'English' };

/** One file in this many is held out, by a hash of its path. */
export const HELD_OUT_EVERY = 25;

/** @type {readonly Source[]} Found in `node_modules`. */
export const NPM_SOURCES = [
  {
    kind: 'typescript',
    package: 'typescript',
    licence: 'Apache-2.0',
    files: ['lib/lib.*.d.ts'],
    // The worker's declarations are those of the DOM once more, with those that are held out.
    not: ['lib/lib.webworker*'],
    cut: { 'lib/lib.dom.d.ts': { train: [0, 1_000_000], heldOut: [-200_000, Infinity] } },
  },
  { kind: 'typescript', package: '@types/node', licence: 'MIT', files: ['**/*.d.ts'] },
  { kind: 'typescript', package: '@types/vscode', licence: 'MIT', files: ['**/*.d.ts'] },
  { kind: 'typescript', package: '@azure/msal-browser', licence: 'MIT', files: ['src/**/*.ts'] },
  { kind: 'typescript', package: '@azure/msal-common', licence: 'MIT', files: ['src/**/*.ts'] },
  { kind: 'typescript', package: '@azure/msal-node', licence: 'MIT', files: ['src/**/*.ts'] },
  {
    kind: 'javascript',
    package: 'typescript',
    licence: 'Apache-2.0',
    files: ['lib/typescript.js'],
    cut: { 'lib/typescript.js': { train: [0, 4_000_000], heldOut: [6_000_000, 6_200_000] } },
  },
  { kind: 'javascript', package: 'eslint', licence: 'MIT', files: ['lib/**/*.js'] },
  { kind: 'javascript', package: 'undici', licence: 'MIT', files: ['lib/**/*.js'] },
  { kind: 'javascript', package: 'lodash', licence: 'MIT', files: ['*.js'], not: ['*.min.js', 'core.js'] },
  { kind: 'javascript', package: 'markdown-it', licence: 'MIT', files: ['lib/**/*.mjs'] },
  { kind: 'javascript', package: 'ajv', licence: 'MIT', files: ['dist/**/*.js'] },
  { kind: 'english', package: 'eslint', licence: 'MIT', files: ['README.md'] },
  { kind: 'english', package: 'undici', licence: 'MIT', files: ['docs/**/*.md', 'README.md'] },
];

/** @type {readonly Source[]} Downloaded with apt-get and unpacked, not installed. */
export const DEBIAN_SOURCES = [
  {
    kind: 'python',
    package: 'libpython3.11-stdlib',
    licence: 'PSF-2.0',
    files: ['usr/lib/python3.11/**/*.py'],
    not: ['**/test/**', '**/tests/**', '**/idle_test/**', '**/pydoc_data/**', '**/encodings/**'],
  },
  {
    kind: 'python',
    package: 'libpython3.11-minimal',
    licence: 'PSF-2.0',
    files: ['usr/lib/python3.11/**/*.py'],
    not: ['**/encodings/**'],
  },
  {
    kind: 'english',
    package: 'python3.11-doc',
    licence: 'PSF-2.0',
    files: ['tutorial', 'howto', 'faq', 'whatsnew', 'reference', 'library', 'extending', 'using'].map(
      (part) => `usr/share/doc/python3.11/html/_sources/${part}/*.rst.txt`,
    ),
    not: ['**/whatsnew/changelog*'],
  },
  {
    kind: 'english',
    package: 'cfi-en',
    licence: 'public domain',
    files: ['usr/share/doc/cfi-en/html/*.htm'],
    heldOut: ['**/ch9web.htm'],
    strip: 'html',
  },
];
