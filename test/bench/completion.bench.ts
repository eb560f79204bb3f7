/**
 * @file What ghost text is worth: typing replayed on text that the starter model was not trained on, beside the words of the document
 * and an order-5 n-gram, with the reliability curve of the model's confidence.
 *
 * Passages are drawn at random (seed 0), half of each kind to choose settings by and half to measure. SMUGGLER_COMPLETION_PASSAGES sets
 * their number a kind (80), SMUGGLER_COMPLETION_MODEL the model's folder.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readModelFolder } from '../../model/checkpoint/modelFolder';
import {
  drawPassages,
  ModelOffers,
  PASSAGE_LENGTH,
  reliability,
  replay,
  sum,
  worth,
} from '../../model/completion/replay';
import type { OfferSettings, Passage, Suggester, Tally } from '../../model/completion/replay';
import { NgramSuggester, WordSuggester } from '../../model/completion/rivals';
import { bootstrapInterval } from '../../model/experiments/statistics';
import { OFFERED_BYTES } from '../../model/measures/caretText';
import { VoterHead } from '../../model/network/voterHead';
import type { CompleteParams } from '../../model/protocol/completion';
import { Inference } from '../../model/runtime/inference';
import { Random } from '../../model/text/random';
import { figure } from './report';
import { filesOf, UNSEEN_TEXTS } from './unseenTexts';

const ROOT = path.join(__dirname, '../..');
const MODEL = process.env['SMUGGLER_COMPLETION_MODEL'] ?? path.join(ROOT, 'media/starter');
const PASSAGES = Number(process.env['SMUGGLER_COMPLETION_PASSAGES'] ?? 80);
/** The least confidence that is tried. */
const LEAST = 0.1;
const CONFIDENCES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

/** Ends that were tried: the two that there are, and the former with offers dropped or cut. */
const ENDS: Readonly<Record<string, Pick<OfferSettings, 'end' | 'change'>>> = {
  'as far as it is sure': { end: 'sure' },
  '2 characters or more': { end: 'sure', change: (text) => (text.length < 2 ? '' : text) },
  '3 characters or more': { end: 'sure', change: (text) => (text.length < 3 ? '' : text) },
  'whole words': { end: 'sure', change: wholeWords },
  'where it saves most': { end: 'saving' },
};
const DEFAULT_END = 'where it saves most';

/** Without a word that may go on. */
function wholeWords(text: string): string {
  const whole = text.replace(/[\p{L}\p{N}_$]+$/u, '');
  return whole.trim() === '' ? '' : whole;
}

interface Settings {
  readonly minConfidence: number;
  readonly maxBytes: number;
  readonly until: CompleteParams['until'];
}

/** The extension's own. */
function defaultSettings(): Settings {
  const { contributes } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    contributes: { configuration: { properties: Record<string, { default: unknown }> } };
  };
  const setting = (name: string) => contributes.configuration.properties[`smuggler.completions.${name}`]!.default;
  return {
    minConfidence: setting('minConfidence') as number,
    maxBytes: OFFERED_BYTES,
    until: setting('multiline') === true ? 'paragraph' : 'line',
  };
}

const percent = (x: number) => (100 * x).toFixed(1);

/** A share with its 95 % interval, by drawing passages again. */
function interval(tallies: readonly Tally[], key: 'saved' | 'right'): string {
  const [low, high] = bootstrapInterval(tallies, (some) => worth(some)[key]) ?? [NaN, NaN];
  return `${percent(worth(tallies)[key])} % (${percent(low)} to ${percent(high)})`;
}

async function replayAll(passages: readonly Passage[], suggester: Suggester): Promise<Tally[]> {
  const tallies: Tally[] = [];
  for (const passage of passages) tallies.push(await replay(passage, suggester));
  return tallies;
}

async function main(): Promise<void> {
  const { config, parameters } = await readModelFolder(MODEL);
  const inference = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
  const model = { inference, head: new VoterHead(config, parameters, inference.temperatures) };
  const random = Random.fromSeed(0);
  const passages = Object.entries(UNSEEN_TEXTS).flatMap(([kind, source]) =>
    drawPassages(filesOf(source), PASSAGES * PASSAGE_LENGTH, random).map((passage) => ({ ...passage, language: kind })),
  );
  const chosenBy = passages.filter((_, i) => i % 2 === 0);
  const measured = passages.filter((_, i) => i % 2 === 1);
  const { minConfidence, ...limits } = defaultSettings();
  const offers = new ModelOffers(model, { ...limits, minConfidence: LEAST });
  const usual: OfferSettings = { name: 'model', minConfidence, ...ENDS[DEFAULT_END]! };
  const rivals = [
    offers.suggester(usual),
    new WordSuggester(),
    new NgramSuggester({ ...limits, minConfidence, end: 'saving' }),
  ];

  for (const kind of [...Object.keys(UNSEEN_TEXTS), 'all']) {
    const some = measured.filter(({ language }) => kind === 'all' || language === kind);
    for (const rival of rivals) {
      const tallies = await replayAll(some, rival);
      const { characters, offers: made } = sum(tallies);
      figure(
        `${kind}: ${rival.name}, ${some.length} passages, ${characters} characters, saved`,
        interval(tallies, 'saved'),
      );
      figure(`${kind}: ${rival.name}, right of ${made.length} offers`, interval(tallies, 'right'));
    }
  }
  console.log('\nReliability: confidence of offers from 0.1 on, mean in each tenth, share right, N');
  const all = await replayAll(measured, offers.suggester({ ...usual, minConfidence: LEAST }));
  for (const { confidence, right, offers: n } of reliability(all)) {
    console.log(`${confidence.toFixed(3)}  ${right.toFixed(3)}  ${n}`);
  }
  console.log(
    `\nBy confidence, on ${chosenBy.length} other passages: saved %, offers right %, offers in 100 characters`,
  );
  console.log(['', ...CONFIDENCES].map((x) => String(x).padEnd(22)).join(''));
  for (const [name, end] of Object.entries(ENDS)) {
    const cells: string[] = [name];
    for (const least of CONFIDENCES) {
      const {
        saved,
        right,
        offers: often,
      } = worth(await replayAll(chosenBy, offers.suggester({ name, minConfidence: least, ...end })));
      cells.push(`${percent(saved)}  ${percent(right)}  ${(100 * often).toFixed(1)}`);
    }
    console.log(cells.map((cell) => cell.padEnd(22)).join(''));
  }
  await inference.dispose();
}

void main();
