/** @file Runs inside the test page: a stand-in for the extension host with made-up but realistic states. */
import type { Selection, WebviewMessage } from '../../../model/protocol/panels/messages';
import type { HeatmapAsk, HeatmapReady } from '../../../model/protocol/panels/heatmap';
import type { PageName, Panels } from '../../../model/protocol/panels/panels';
import type { ComparisonReady } from '../../../model/protocol/panels/comparison';
import type {
  SpecializationReady,
  VoterFinder,
  VoterPanel,
  VoterTable,
} from '../../../model/protocol/panels/specialization';
import { toWire } from '../../../model/measures/wire';
import { CHANGES, chunkPair, comparison, comparisonResult, continuations } from './comparison';
import { attention } from './attention';
import { depthLens } from './depthLens';
import { agreement, cellValue, figures, finder, ranking, specialization, voterTable } from './specialization';
import {
  experimentResult,
  experiments,
  experimentSetup,
  measuredModel,
  shownExperiment,
  threeExperiments,
} from './experiments';
import { cheapTile, heatmap, tile, tileOf, voterCode, voterTile, withMemory } from './heatmap';
import { provenance, sampleBytes } from './sample';
import { explained, lesioned, pinnedBeside, remembered, rememberedDocument, votes } from './votes';
import { timedInTurns } from './timing';
import { monitor, monitorMoment, monitorRun, threeRuns } from './trainingMonitor';

let selected: Selection | null = null;
/** Chunks that the editor shows beside the heatmap; null where it is at its beginning. */
let inEditor: HeatmapReady['visible'] | null = null;
let answer: ((message: WebviewMessage) => void) | null = null;
const posted: WebviewMessage[] = [];
const violations: string[] = [];
let saved: unknown = window.restoredState;
let version = 0;
/** Versions that were sent, with what waits until the page has drawn them. */
const awaited = new Map<number, () => void>();

function drawn(at: number): Promise<void> {
  return new Promise((resolve) => awaited.set(at, resolve));
}

/** Red, green, blue, alpha of a picture's pixel in CSS pixels from the corner of its canvas. */
function pixel(x: number, y: number): number[] {
  const canvas = document.querySelector<HTMLCanvasElement>('.plot:not(.overview) canvas')!;
  const ratio = window.devicePixelRatio;
  return Array.from(canvas.getContext('2d')!.getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data);
}

/** A message as VS Code sends it: as JSON, but for typed arrays. */
function asSent(message: unknown): unknown {
  if (typeof message !== 'object' || message === null) return JSON.parse(JSON.stringify(message));
  if (ArrayBuffer.isView(message)) return structuredClone(message);
  if (Array.isArray(message)) return message.map(asSent);
  const members = Object.entries(message).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members.map(([key, value]) => [key, asSent(value)]));
}

const fake = {
  pixel,
  posted,
  violations,
  votes,
  explained,
  lesioned,
  remembered,
  rememberedDocument,
  pinnedBeside,
  tile,
  tileOf,
  withMemory,
  voterTile,
  voterCode,
  heatmap,
  depthLens,
  cellValue,
  experiments,
  measuredModel,
  experimentResult,
  experimentSetup,
  shownExperiment,
  threeExperiments,
  monitor,
  monitorRun,
  monitorMoment,
  threeRuns,
  timedInTurns,
  attention,
  ranking,
  agreement,
  specialization: (change: Partial<SpecializationReady> = {}): SpecializationReady =>
    specialization(provenance(128), change),
  /** The panel with the table of all voters in place of the map. */
  finder: (change: Partial<VoterFinder> = {}, panel: Partial<SpecializationReady> = {}): SpecializationReady =>
    specialization(provenance(128), { map: null, finder: finder(128, change), ...panel }),
  voterTable: (change: Partial<VoterTable> = {}): VoterTable => voterTable(128, change),
  /** A voter beside the selected one. */
  comparedVoter: (): VoterPanel => ({
    bit: 9,
    voter: 2,
    name: '',
    note: '',
    current: { vote: 0.21, weight: 0.002, real: 0 },
    figures: { ...figures(), bit: 9, voter: 2 },
  }),
  /** A comparison of `byteLength` bytes, with the votes for a chunk. */
  comparison: (
    byteLength: number,
    chunk: number | null = null,
    change: Partial<ComparisonReady> = {},
  ): ComparisonReady => {
    const bytes = sampleBytes(byteLength);
    return comparison(provenance(128), bytes, {
      chunk: chunk === null ? null : chunkPair(bytes, chunk),
      continued: chunk === null ? null : { result: continuations(bytes, chunk), failure: null },
      ...change,
    });
  },
  /** The same where both sides are one model. */
  equalComparison: (byteLength: number, chunk: number): ComparisonReady => {
    const bytes = sampleBytes(byteLength);
    const side = provenance(128);
    const result = comparisonResult(bytes, { equal: true });
    return comparison(side, bytes, { a: side, b: side, notes: [], result, chunk: chunkPair(bytes, chunk, true) });
  },
  /** One model with all its voters, and with some of them silenced and held. */
  voterComparison: (byteLength: number, chunk: number, change: Partial<ComparisonReady> = {}): ComparisonReady => {
    const side = provenance(128);
    const voters = { a: { name: null, changes: [] }, b: { name: 'no vowels', changes: CHANGES } };
    const b = { ...side, voters: 'with 4 voters silenced, 2 held' };
    return fake.comparison(byteLength, chunk, { a: side, b, notes: [], voters, present: 2, ...change });
  },
  saved: (): unknown => saved,
  /** Messages of one type, oldest first. */
  of: (type: WebviewMessage['type']): WebviewMessage[] => posted.filter((message) => message.type === type),
  /** What the panel asked for, oldest first. */
  asked: <P extends PageName>(): Panels[P]['ask'][] =>
    posted.flatMap((message) => (message.type === 'ask' ? [message.ask as Panels[P]['ask']] : [])),
  /**
   * Sends as VS Code does: a message event whose data was cloned. Without a version, the next one.
   * @returns once the page says that it has drawn this version: what a user does next happens to what it shows
   */
  send: (state: unknown, selection: Selection | null = null, at = ++version): Promise<void> => {
    window.postMessage(asSent(toWire({ type: 'state', version: at, state, selection })), '*');
    return drawn(at);
  },
  /** From now on answers viewports on a document of `byteLength` bytes, with the selection that was last chosen or sent. */
  serve: (byteLength: number, first: number, selection: Selection | null): void => {
    let generation = first;
    let hasMemory = false;
    selected = selection;
    inEditor = null;
    answer = (message) => {
      if (message.type === 'select') {
        void fake.select(message.selection);
      } else if (message.type === 'ask') {
        const ask = message.ask as HeatmapAsk;
        if (ask.kind !== 'viewport' || ask.generation !== generation) return;
        if (ask.memory !== hasMemory) {
          hasMemory = ask.memory;
          generation++;
          void fake.send(heatmap(byteLength, generation, null), selected);
          return;
        }
        const { firstChunk, count, voters } = ask;
        const measured = tile(firstChunk, count, byteLength);
        const state =
          voters === null
            ? heatmap(byteLength, generation, hasMemory ? withMemory(measured) : measured)
            : { ...heatmap(byteLength, generation, null), voters: voterTile(firstChunk, count, byteLength, voters) };
        void fake.send(inEditor === null ? state : { ...state, visible: inEditor }, selected);
      }
    };
    void fake.send(heatmap(byteLength, generation, null), selected);
  },
  /** The editor of a document that is served shows these chunks, and goes on to; nothing else changes. */
  editorShows: (byteLength: number, firstChunk: number, count: number): Promise<void> => {
    inEditor = { firstChunk, count };
    return fake.send({ ...heatmap(byteLength, 1, null), visible: inEditor }, selected);
  },
  /** Calls back with what the webview says. */
  answer: (callback: (message: WebviewMessage) => void): void => {
    answer = callback;
  },
  /** Answers viewports on a long document with numbers that cost nothing, handed over without a copy of their own. */
  serveCheaply: (byteLength: number, generation: number): void => {
    const give = (state: HeatmapReady): void => {
      const message = { type: 'state', version: ++version, state, selection: null };
      window.dispatchEvent(new MessageEvent('message', { data: message }));
    };
    answer = (message) => {
      posted.length = 0;
      if (message.type !== 'ask') return;
      const ask = message.ask as HeatmapAsk;
      if (ask.kind !== 'viewport') return;
      const { firstChunk, count, voters } = ask;
      setTimeout(() => {
        const state = heatmap(byteLength, generation, null);
        if (voters === null) give({ ...state, tile: cheapTile(firstChunk, count, byteLength) });
        else give({ ...state, voters: voterTile(firstChunk, count, byteLength, voters) });
      });
    };
    give(heatmap(byteLength, generation, null));
  },
  select: (selection: Selection | null, at = ++version): Promise<void> => {
    selected = selection;
    window.postMessage({ type: 'selection', version: at, selection }, '*');
    return drawn(at);
  },
};

export type Fake = typeof fake;

declare global {
  interface Window {
    fake: Fake;
    /** What `getState` answers before anything was saved. */
    restoredState?: unknown;
  }
}

window.fake = fake;
document.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
});
Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: WebviewMessage) => {
      posted.push(message);
      if (message.type === 'drawn') awaited.get(message.version)?.();
      answer?.(message);
    },
    getState: () => saved,
    setState: (state: unknown) => {
      saved = state;
      return state;
    },
  }),
});
