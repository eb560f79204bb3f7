/**
 * @file What ghost text is worth: typing replayed on text that the starter model was not trained on. The user types every key, and
 * takes an offer only where the text goes on with the whole of it; taking costs one key.
 *
 * Passages are drawn at random (seed 0), half of each kind to choose settings by and half to measure. What follows the caret is not
 * there yet, as when a text is written from its beginning on. SMUGGLER_COMPLETION_PASSAGES sets their number a kind (80),
 * SMUGGLER_COMPLETION_MODEL the model's folder.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readModelFolder } from '../../model/checkpoint/modelFolder';
import { offer } from '../../model/completion/complete';
import { endOfOffer } from '../../model/completion/postprocess';
import type { Decoded, DecodingModel } from '../../model/inspection/decode';
import { decode } from '../../model/inspection/decode';
import { VoterHead } from '../../model/network/voterHead';
import type { CompleteParams } from '../../model/protocol/completion';
import { Inference } from '../../model/runtime/inference';
import { Random } from '../../model/text/random';
import { figure } from './report';

const ROOT = path.join(__dirname, '../..');
const MODEL = process.env['SMUGGLER_COMPLETION_MODEL'] ?? path.join(ROOT, 'media/starter');
const PASSAGES = Number(process.env['SMUGGLER_COMPLETION_PASSAGES'] ?? 80);
/** UTF-16 units of a passage. */
const LENGTH = 100;
/** As far back as the model can look, and more. */
const BEFORE = 1024;
/** As far back as the extension sends it. */
const SENT = 4096;
/** The least confidence that is tried. */
const LEAST = 0.1;
const CONFIDENCES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
const RESAMPLES = 1000;

/** Files that `scripts/starter/sources.mjs` does not name: this project's own, and packages that it installs. */
const TEXTS: Readonly<Record<string, { readonly places: readonly string[]; readonly ending: string }>> = {
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

/** Ends that were tried: the two that there are, and the former with offers dropped or cut. */
const ENDS: Readonly<
  Record<string, { readonly end: CompleteParams['end']; readonly change?: (text: string) => string }>
> = {
  'as far as it is sure': { end: 'sure' },
  '2 characters or more': { end: 'sure', change: (text) => (text.length < 2 ? '' : text) },
  '3 characters or more': { end: 'sure', change: (text) => (text.length < 3 ? '' : text) },
  'whole words': { end: 'sure', change: wholeWords },
  'where it saves most': { end: 'saving' },
};
const DEFAULT_END = 'where it saves most';
type End = (typeof ENDS)[string];

/** Without a word that may go on. */
function wholeWords(text: string): string {
  const whole = text.replace(/[\p{L}\p{N}_$]+$/u, '');
  return whole.trim() === '' ? '' : whole;
}

interface Settings {
  readonly minConfidence: number;
  readonly maxBytes: number;
  readonly singleLine: boolean;
}

/** The extension's own. */
function defaultSettings(): Settings {
  const { contributes } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    contributes: { configuration: { properties: Record<string, { default: unknown }> } };
  };
  const setting = (name: string) => contributes.configuration.properties[`smuggler.completions.${name}`]!.default;
  return {
    minConfidence: setting('minConfidence') as number,
    maxBytes: setting('maxBytes') as number,
    singleLine: setting('multiline') === false,
  };
}

function filesOf({ places, ending }: (typeof TEXTS)[string]): string[] {
  return places
    .map((place) => path.join(ROOT, place))
    .flatMap((place) =>
      statSync(place).isFile()
        ? [place]
        : readdirSync(place, { recursive: true, encoding: 'utf8' }).map((name) => path.join(place, name)),
    )
    .filter((file) => file.endsWith(ending))
    .sort();
}

/** A passage is somewhere in a text; each place of all texts is as likely as any other. */
class Passage {
  readonly #decoded = new Map<number, Promise<Decoded>>();

  private constructor(
    readonly kind: string,
    private readonly text: string,
    readonly start: number,
  ) {}

  static draw(kind: string, texts: readonly string[], random: Random): Passage {
    const rooms = texts.map(({ length }) => Math.max(0, length - LENGTH));
    let at = random.integer(rooms.reduce((sum, room) => sum + room, 0));
    const file = rooms.findIndex((room) => (at -= room) < 0);
    return new Passage(kind, texts[file]!, at + rooms[file]!);
  }

  /** What the model has to say at `offset` of the passage; the same at any confidence, but for where it ends. */
  decoded(model: DecodingModel, offset: number, { maxBytes, singleLine }: Settings): Promise<Decoded> {
    let decoded = this.#decoded.get(offset);
    if (decoded === undefined) {
      const caret = this.start + offset;
      const prefix = Buffer.from(this.text.slice(Math.max(0, caret - BEFORE), caret));
      const isOpen = (bytes: readonly number[]) => endOfOffer(Buffer.from(bytes).toString(), singleLine) < 0;
      decoded = decode(model, { prefix, maxBytes, minConfidence: LEAST, isOpen });
      this.#decoded.set(offset, decoded);
    }
    return decoded;
  }

  /** The text before `offset` of the passage, as far back as the extension sends it. */
  before(offset: number): string {
    const caret = this.start + offset;
    return this.text.slice(Math.max(0, caret - SENT), caret);
  }

  /** Whether the text goes on like this at `offset` of the passage. */
  goesOn(offset: number, text: string): boolean {
    return this.text.startsWith(text, this.start + offset);
  }
}

interface Tally {
  readonly characters: number;
  readonly keys: number;
  /** Each counted once, however long the user types along it. */
  readonly offers: number;
  readonly right: number;
}

/** Types a passage. */
async function replay(
  model: DecodingModel,
  passage: Passage,
  settings: Settings,
  { end, change }: End,
): Promise<Tally> {
  const { singleLine, minConfidence } = settings;
  let keys = 0;
  let offers = 0;
  let right = 0;
  let at = 0;
  while (at < LENGTH) {
    const decoded = await passage.decoded(model, at, settings);
    const { text: offered } = offer(decoded, {
      singleLine,
      before: passage.before(at),
      suffix: '',
      minConfidence,
      end,
    });
    const text = change?.(offered) ?? offered;
    keys++;
    if (text !== '') offers++;
    if (text !== '' && passage.goesOn(at, text)) {
      right++;
      at += text.length;
      continue;
    }
    // Typed along as far as it is right, and one key that it did not foresee.
    let along = 0;
    while (along < text.length - 1 && at + along < LENGTH && passage.goesOn(at, text.slice(0, along + 1))) along++;
    keys += along;
    at += along + 1;
  }
  return { characters: at, keys, offers, right };
}

interface Share {
  readonly value: number;
  /** 95 %, by drawing passages again. */
  readonly low: number;
  readonly high: number;
}

/** Σ numerator/Σ denominator. */
function share(tallies: readonly Tally[], ratio: (tally: Tally) => readonly [number, number]): Share {
  const pairs = tallies.map(ratio);
  const of = (some: readonly (readonly [number, number])[]) =>
    some.reduce((sum, [n]) => sum + n, 0) / some.reduce((sum, [, d]) => sum + d, 0);
  const random = Random.fromSeed(1);
  const values = Array.from({ length: RESAMPLES }, () => of(pairs.map(() => pairs[random.integer(pairs.length)]!)));
  values.sort((a, b) => a - b);
  return {
    value: of(pairs),
    low: values[Math.floor(0.025 * RESAMPLES)]!,
    high: values[Math.floor(0.975 * RESAMPLES)]!,
  };
}

const saved = (tallies: readonly Tally[]) => share(tallies, ({ characters, keys }) => [characters - keys, characters]);
const rightOf = (tallies: readonly Tally[]) => share(tallies, ({ right, offers }) => [right, offers]);
const percent = (x: number) => (100 * x).toFixed(1);
const interval = ({ value, low, high }: Share) => `${percent(value)} % (${percent(low)} to ${percent(high)})`;
const sum = (tallies: readonly Tally[], key: keyof Tally) => tallies.reduce((all, tally) => all + tally[key], 0);

async function main(): Promise<void> {
  const { config, parameters } = await readModelFolder(MODEL);
  const inference = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
  const model = { inference, head: new VoterHead(config, parameters, inference.temperatures) };
  const random = Random.fromSeed(0);
  const passages = Object.entries(TEXTS).flatMap(([kind, source]) => {
    const texts = filesOf(source).map((file) => readFileSync(file, 'utf8'));
    return Array.from({ length: PASSAGES }, () => Passage.draw(kind, texts, random));
  });
  const chosenBy = passages.filter((_, i) => i % 2 === 0);
  const measured = passages.filter((_, i) => i % 2 === 1);
  const settings = defaultSettings();
  const replayAll = async (some: readonly Passage[], changed: Partial<Settings> = {}, end = ENDS[DEFAULT_END]!) => {
    const tallies: Tally[] = [];
    for (const passage of some) tallies.push(await replay(model, passage, { ...settings, ...changed }, end));
    return tallies;
  };

  for (const kind of [...Object.keys(TEXTS), 'all']) {
    const tallies = await replayAll(measured.filter((passage) => kind === 'all' || passage.kind === kind));
    figure(
      `${kind}: ${tallies.length} passages, ${sum(tallies, 'characters')} characters, saved`,
      interval(saved(tallies)),
    );
    figure(`${kind}: right of ${sum(tallies, 'offers')} offers`, interval(rightOf(tallies)));
  }
  console.log(
    `\nBy confidence, on ${chosenBy.length} other passages: saved %, offers right %, offers in 100 characters`,
  );
  console.log(['', ...CONFIDENCES].map((x) => String(x).padEnd(22)).join(''));
  for (const [name, end] of Object.entries(ENDS)) {
    const cells: string[] = [name];
    for (const minConfidence of CONFIDENCES) {
      const tallies = await replayAll(chosenBy, { minConfidence }, end);
      const often = (100 * sum(tallies, 'offers')) / sum(tallies, 'characters');
      cells.push(`${percent(saved(tallies).value)}  ${percent(rightOf(tallies).value)}  ${often.toFixed(1)}`);
    }
    console.log(cells.map((cell) => cell.padEnd(22)).join(''));
  }
  await inference.dispose();
}

void main();
