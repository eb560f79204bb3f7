/** @file Texts of four kinds that the starter model was not trained on. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { CorpusFile } from '../../model/text/corpus';

const ROOT = path.join(__dirname, '../..');

/** Files that `scripts/starter/sources.mjs` does not name: this project's own, and packages that it installs. */
export const UNSEEN_TEXTS: Readonly<Record<string, { readonly places: readonly string[]; readonly ending: string }>> = {
  TypeScript: { places: ['extension', 'model', 'webview'], ending: '.ts' },
  JavaScript: {
    places: ['commander/lib', 'postcss/lib', 'semver'].map((name) => `node_modules/${name}`),
    ending: '.js',
  },
  Python: { places: ['model/cluster'], ending: '.py' },
  English: {
    places: ['README.md', 'model', 'webview', 'test/bench', 'node_modules/commander/Readme.md'],
    ending: '.md',
  },
};

/** In the order of their paths. */
export function filesOf({ places, ending }: (typeof UNSEEN_TEXTS)[string]): CorpusFile[] {
  return places
    .map((place) => path.join(ROOT, place))
    .flatMap((place) =>
      statSync(place).isFile()
        ? [place]
        : readdirSync(place, { recursive: true, encoding: 'utf8' }).map((name) => path.join(place, name)),
    )
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => ({ path: file, bytes: readFileSync(file) }));
}
