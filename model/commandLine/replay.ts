/** @file `smuggler replay`: what completions are worth, by typing files as if they were written now. */
import { readModelFolder } from '../checkpoint/modelFolder';
import type { Passage, Suggester, Tally } from '../completion/replay';
import { drawPassages, ModelOffers, reliability, replay, sum, worth } from '../completion/replay';
import { NgramSuggester, WordSuggester } from '../completion/rivals';
import { bootstrapIntervals } from '../experiments/statistics';
import { Inspector } from '../inspection/inspector';
import { CaretMemory } from '../memory/caretMemory';
import { Memory, WORKSPACE_PLACE_BITS } from '../memory/memory';
import { MemoryHead } from '../memory/memoryHead';
import type { Weighing } from '../memory/weighing';
import { weighingBefore } from '../memory/weighingBefore';
import { VoterHead } from '../network/voterHead';
import type { MemoryScope } from '../protocol/memory';
import { Inference } from '../runtime/inference';
import type { CorpusFile } from '../text/corpus';
import { readCorpus } from '../text/corpus';
import { Random } from '../text/random';
import { chooseThreads } from '../training/plan';
import type { RuntimeFlags } from './options';
import { startBar } from './progressBar';
import type { Terminal } from './terminal';

export interface ReplayFlags extends RuntimeFlags {
  readonly model: string;
  readonly characters: number;
  readonly minConfidence: number;
  readonly maxBytes: number;
  readonly maxFileBytes: number;
  readonly seed: number;
  readonly memory?: MemoryScope;
  readonly json?: true;
}

/** Confidences whose offers are compared, beside the one that is asked for. */
const CONFIDENCES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** A line of result: what one that offers was worth in one language, or in all. */
function row(language: string, suggester: string, minConfidence: number | null, tallies: readonly Tally[]) {
  const { characters, keys, offers } = sum(tallies);
  const shares = worth(tallies);
  const [saved, right] = bootstrapIntervals(tallies, (some) => [worth(some).saved, worth(some).right]);
  return {
    language,
    suggester,
    minConfidence,
    passages: tallies.length,
    characters,
    keys,
    offers: offers.length,
    saved: shares.saved,
    savedInterval: saved ?? null,
    right: offers.length === 0 ? null : shares.right,
    rightInterval: right ?? null,
  };
}

export type ReplayRow = ReturnType<typeof row>;

const percent = (x: number | null) => (x === null ? '' : (100 * x).toFixed(1));
const range = (interval: ReplayRow['savedInterval']) =>
  interval === null ? '' : `${percent(interval[0])} to ${percent(interval[1])}`;

function table(rows: readonly ReplayRow[], first: (one: ReplayRow) => string): string[] {
  const cells = [
    ['', 'saved %', '95 %', 'right %', '95 %', 'offers in 100 characters'],
    ...rows.map((one) => [
      first(one),
      percent(one.saved),
      range(one.savedInterval),
      percent(one.right),
      range(one.rightInterval),
      ((100 * one.offers) / one.characters).toFixed(1),
    ]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  return cells.map((line) =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]!))).join('  '),
  );
}

export async function replayFiles(paths: readonly string[], flags: ReplayFlags, terminal: Terminal): Promise<void> {
  const { config, parameters, checkpoint } = await readModelFolder(flags.model);
  const corpus = await readCorpus(paths, { exclude: [], maxFileBytes: flags.maxFileBytes, signal: terminal.signal });
  for (const { path, reason } of corpus.skipped) {
    if (reason !== 'ignored') terminal.note(`Skipped ${path}: ${reason}.`);
  }
  const passages = drawPassages(corpus.files, flags.characters, Random.fromSeed(flags.seed));
  const inference = await Inference.create(config, parameters, {
    device: flags.device,
    threads: chooseThreads(flags.threads),
  });
  const { minConfidence, maxBytes } = flags;
  const limits = { maxBytes, until: 'line' } as const;
  const head = new VoterHead(config, parameters, inference.temperatures);
  const inspector = new Inspector({ inference, head, checkpoint });
  const offers = new ModelOffers(
    { inference, head },
    { ...limits, minConfidence: Math.min(minConfidence, CONFIDENCES[0]!) },
    flags.memory === undefined ? undefined : rememberingHeads(flags.memory, inspector, head, corpus.files),
  );
  const asked = [...new Set([minConfidence, ...CONFIDENCES])].sort((a, b) => a - b);
  const suggesters: { readonly suggester: Suggester; readonly least: number | null }[] = [
    { suggester: { name: 'nothing', suggest: () => [] }, least: null },
    { suggester: new WordSuggester(), least: null },
    { suggester: new NgramSuggester({ ...limits, minConfidence, end: 'saving' }), least: minConfidence },
    ...asked.map((least) => ({
      suggester: offers.suggester({ name: 'model', minConfidence: least, end: 'saving' }),
      least,
    })),
  ];
  const bar = startBar(flags.json === true, '{bar} {percentage}% of {total} passages');
  try {
    const tallies = suggesters.map((): Tally[] => []);
    for (const [done, passage] of passages.entries()) {
      for (const [i, { suggester }] of suggesters.entries()) {
        tallies[i]!.push(await replay(passage, suggester));
      }
      bar.update(done + 1, passages.length);
    }
    bar.stop();
    const languages = [...new Set(passages.map(({ language }) => language))];
    const named = [...languages, ...(languages.length > 1 ? ['all'] : [])];
    const rows = named.flatMap((language) =>
      suggesters.map(({ suggester, least }, i) =>
        row(language, suggester.name, least, of(tallies[i]!, passages, language)),
      ),
    );
    const lowest = suggesters.findIndex(({ suggester, least }) => suggester.name === 'model' && least === asked[0]);
    const curve = reliability(tallies[lowest]!);
    if (flags.json === true) {
      for (const one of rows) terminal.json(one);
      terminal.json({ reliability: curve });
      return;
    }
    const usual = rows.filter((one) => one.suggester !== 'model' || one.minConfidence === minConfidence);
    terminal.line(
      `Typed ${sum(tallies[0]!).characters} characters in ${passages.length} passages, checkpoint ${checkpoint}, ${flags.memory === undefined ? 'without memory' : `memory of the ${flags.memory}`}, least confidence ${minConfidence}`,
    );
    for (const line of table(usual, (one) => `${one.language}: ${one.suggester}`)) terminal.line(line);
    terminal.line('\nThe model by least confidence, all languages');
    const byConfidence = rows.filter((one) => one.language === named.at(-1) && one.suggester === 'model');
    for (const line of table(byConfidence, (one) => String(one.minConfidence))) terminal.line(line);
    terminal.line('\nOffers by their confidence: mean, share that was right, offers');
    for (const one of curve) terminal.line(`${one.confidence.toFixed(3)}  ${one.right.toFixed(3)}  ${one.offers}`);
  } finally {
    bar.stop();
    await inference.dispose();
  }
}

/** The tallies of the passages of a language, or all. */
function of(tallies: readonly Tally[], passages: readonly Passage[], language: string): Tally[] {
  return tallies.filter((_, i) => language === 'all' || passages[i]!.language === language);
}

/** The head at each place with what was typed before it in memory; places must come in the order of their text. */
function rememberingHeads(
  scope: MemoryScope,
  inspector: Inspector,
  head: VoterHead,
  files: readonly CorpusFile[],
): (passage: Passage, caret: number) => Promise<MemoryHead> {
  let file: string | undefined;
  let base: Memory;
  let memory: CaretMemory;
  let weighed: { readonly passage: Passage; readonly weighing: Weighing } | undefined;
  return async (passage, caret) => {
    if (passage.file !== file) {
      base = new Memory(scope === 'workspace' ? WORKSPACE_PLACE_BITS : undefined);
      if (scope === 'workspace') for (const other of files) if (other.path !== passage.file) base.learn(other.bytes);
      file = passage.file;
      memory = new CaretMemory(base);
    }
    const before = new TextEncoder().encode(passage.text.slice(0, caret));
    await memory.follow(before, before.length, {});
    if (weighed?.passage !== passage) weighed = { passage, weighing: await weighingBefore(inspector, before, base) };
    return new MemoryHead(head, memory.reader(before, weighed.weighing));
  };
}
