/** @file All that is known of the document, and the asking for what is not. */
import type { HeatmapReady } from '../../../model/protocol/panels/heatmap';
import type { VoterQuantity, VoterTile } from '../../../model/protocol/inspection';
import { fillOrder } from './fill';
import { Requests } from './requests';
import { DocumentSummary } from './summary';
import type { ChunkRange } from './tiles';
import { MOST_TILES, TILE_CHUNKS, mostVoterTiles, sliceTile, sliceVoters, TileStore } from './tiles';

/** Text, caret and editor must be this long at rest before chunks that nobody looks at are measured. */
const FILL_AFTER_MILLISECONDS = 1000;

/** Chunks around the view whose bits are exported, each about 1 kB of JSON. */
const MOST_EXPORTED = 4096;

/** Asks the host for chunks: of bits, or where `voters` is set of voters. */
export type Ask = (generation: number, range: ChunkRange, voters: VoterQuantity | null) => void;

/** What is on the screen. */
export interface Shown {
  readonly generation: number;
  readonly visible: ChunkRange;
  readonly chunkCount: number;
  /** Null where no voters are shown. */
  readonly voters: VoterQuantity | null;
}

export class Measurements {
  readonly store = new TileStore(sliceTile, MOST_TILES);
  #voters = new TileStore(sliceVoters, mostVoterTiles(1));
  readonly #requests = new Requests();
  readonly #voterRequests = new Requests();
  #summary = new DocumentSummary(0, 0);
  #fill = fillOrder(0);
  #movedAt = 0;
  #fillTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ask: Ask) {}

  get summary(): DocumentSummary {
    return this.#summary;
  }

  get voters(): TileStore<VoterTile> {
    return this.#voters;
  }

  /**
   * Takes what a state brings.
   * @param before the state before it
   * @param quantity what is shown of voters
   * @param isOfMemory whether what is shown needs memory: tiles without it are not to be seen, not even faded
   */
  update(state: HeatmapReady, before: HeatmapReady | null, quantity: VoterQuantity | null, isOfMemory: boolean): void {
    const isEdit =
      before?.provenance.document === state.provenance.document &&
      before.provenance.checkpoint === state.provenance.checkpoint;
    const generation = String(state.generation);
    if (generation !== this.store.generation) {
      this.store.use(generation, isEdit && !isOfMemory);
      const { chunkCount, byteLength, summary } = state;
      this.#summary =
        summary === undefined
          ? new DocumentSummary(chunkCount, byteLength)
          : DocumentSummary.of(chunkCount, byteLength, summary);
      this.#fill = fillOrder(Math.ceil(state.chunkCount / TILE_CHUNKS));
    }
    // A state that brings no measurements tells that the user moves in the text, or has changed it.
    if (state.tile === null && state.voters === null) this.moved();
    this.showVoters(state, quantity, isEdit);
    if (state.tile !== null) {
      this.#requests.answered(generation, state.tile);
      for (const tile of this.store.add(state.tile)) this.#summary.add(tile);
    }
    if (state.voters !== null) {
      const key = voterKey(state.generation, state.voters.quantity);
      this.#voterRequests.answered(key, state.voters);
      if (key === this.#voters.generation) this.#voters.add(state.voters);
    }
  }

  /** The user is at work in the text: what nobody looks at can wait. */
  moved(): void {
    this.#movedAt = performance.now();
  }

  /** From now on this is shown of voters; `isEdit` where what was shown before is the same of an older text. */
  showVoters(state: HeatmapReady, quantity: VoterQuantity | null, isEdit: boolean): void {
    const most = mostVoterTiles(state.provenance.votersPerBit);
    if (this.#voters.most !== most) this.#voters = new TileStore(sliceVoters, most);
    const hasSameQuantity = this.#voters.generation.endsWith(` ${quantity}`);
    this.#voters.use(voterKey(state.generation, quantity), isEdit && hasSameQuantity);
  }

  /** Asks for what is missing on the screen; where nothing is, for the rest of the document, at least in part. */
  request(shown: Shown): void {
    clearTimeout(this.#fillTimer);
    const { generation, visible, chunkCount, voters } = shown;
    this.store.touch(visible);
    const now = performance.now();
    if (voters !== null) {
      this.#voters.touch(visible);
      // Tile by tile: each is shown when it has come.
      const missing = this.#voters.missing(visible, chunkCount, TILE_CHUNKS);
      const request = this.#voterRequests.next(voterKey(generation, voters), missing, visible, now);
      if (request !== null) this.ask(generation, request, voters);
    }
    const wanted = this.store.missing(visible, chunkCount) ?? this.#next(shown, now);
    const request = this.#requests.next(String(generation), wanted, visible, now);
    if (request !== null) this.ask(generation, request, null);
  }

  /** States from which another page draws the same: the minimap, the bits around the view, and the voters in view, which are many times as much. */
  states(data: HeatmapReady, visible: ChunkRange): HeatmapReady[] {
    const middle = visible.first + Math.floor(visible.count / 2);
    const first = Math.max(0, Math.min(middle - MOST_EXPORTED / 2, data.chunkCount - MOST_EXPORTED));
    return [
      { ...data, tile: null, voters: null, summary: this.#summary.data },
      ...this.store.tiles({ first, count: MOST_EXPORTED }).map((tile) => ({ ...data, tile, voters: null })),
      ...this.#voters.tiles(visible).map((voters) => ({ ...data, tile: null, voters })),
    ];
  }

  /** Nothing more is wanted until the next state. */
  stop(): void {
    clearTimeout(this.#fillTimer);
  }

  /** The page was hidden: an answer may have been lost. */
  forgetRequests(): void {
    this.#requests.forget();
    this.#voterRequests.forget();
  }

  /** How many of these chunks have been measured. */
  measuredAmong({ first, count }: ChunkRange): number {
    let measured = 0;
    for (let chunk = first; chunk < first + count; chunk++) if (this.store.measured(chunk) !== null) measured += 1;
    return measured;
  }

  /** A tile for the minimap; null where there is none, or the user is at work in the text. */
  #next(shown: Shown, now: number): ChunkRange | null {
    const tile = this.#fill.find((number) => !this.#summary.has(number));
    if (tile === undefined) return null;
    const wait = this.#movedAt + FILL_AFTER_MILLISECONDS - now;
    if (wait > 0) {
      this.#fillTimer = setTimeout(() => {
        this.request(shown);
      }, wait);
      return null;
    }
    const first = tile * TILE_CHUNKS;
    return { first, count: Math.min(TILE_CHUNKS, shown.chunkCount - first) };
  }
}

function voterKey(generation: number, quantity: VoterQuantity | null): string {
  return `${generation} ${quantity}`;
}
