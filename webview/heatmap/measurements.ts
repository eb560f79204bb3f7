/** @file All that is known of the document, and the asking for what is not. */
import type { HeatmapReady } from '../shared/messages';
import { DocumentSummary } from './summary';
import type { ChunkRange } from './tiles';
import { Requests, TileStore } from './tiles';

/** Documents of up to this many chunks are measured whole when nothing else is wanted. */
const FILL_CHUNKS = 4096;
/** The text must be this long unchanged before chunks that nobody looks at are measured. */
const FILL_AFTER_MILLISECONDS = 1000;

export class Measurements {
  readonly store = new TileStore();
  readonly #requests = new Requests();
  #summary = new DocumentSummary(0, 0);
  #changedAt = 0;
  #fillTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ask: (generation: number, range: ChunkRange) => void) {}

  get summary(): DocumentSummary {
    return this.#summary;
  }

  /** Takes what a state brings; `before` is the state before it. */
  update(state: HeatmapReady, before: HeatmapReady | null): void {
    if (state.generation !== this.store.generation) {
      const isEdit =
        before?.provenance.document === state.provenance.document &&
        before.provenance.checkpoint === state.provenance.checkpoint;
      this.store.use(state.generation, isEdit);
      this.#summary = new DocumentSummary(state.chunkCount, state.byteLength);
      this.#changedAt = performance.now();
    }
    if (state.tile === null) return;
    this.#requests.answered(state.generation, state.tile);
    for (const block of this.store.add(state.tile)) this.#summary.add(block);
  }

  /** Asks for what is missing on the screen; where nothing is, for the rest of a document that is small enough. */
  request(generation: number, visible: ChunkRange, chunkCount: number): void {
    clearTimeout(this.#fillTimer);
    this.store.touch(visible);
    const now = performance.now();
    let wanted = this.store.missing(visible, chunkCount);
    if (wanted === null && chunkCount <= FILL_CHUNKS) {
      const wait = this.#changedAt + FILL_AFTER_MILLISECONDS - now;
      if (wait > 0) {
        this.#fillTimer = setTimeout(() => {
          this.request(generation, visible, chunkCount);
        }, wait);
        return;
      }
      wanted = this.store.missing({ first: 0, count: chunkCount }, chunkCount);
    }
    const request = this.#requests.next(generation, wanted, visible, now);
    if (request !== null) this.ask(generation, request);
  }

  /** Nothing more is wanted until the next state. */
  stop(): void {
    clearTimeout(this.#fillTimer);
  }

  /** The page was hidden: an answer may have been lost. */
  forgetRequests(): void {
    this.#requests.forget();
  }

  /** How many of these chunks have been measured. */
  measuredAmong({ first, count }: ChunkRange): number {
    let measured = 0;
    for (let chunk = first; chunk < first + count; chunk++) if (this.store.measured(chunk) !== null) measured += 1;
    return measured;
  }
}
