/** @file The line over the picture: which chunk, how surprising, how many voters decided. */
import { element } from '../shared/dom';
import type { VotesReady } from '../shared/messages';
import { formatBits, formatCount, formatProbabilityOfSurprise, formatVoters } from '../shared/text';
import { isMistake } from './votesData';

/** Characters of the neighbouring chunks that are shown on each side. */
const CONTEXT_CHARACTERS = 16;

export class VotesHeader {
  readonly node: HTMLElement;
  readonly #before = element('span', { class: 'context' });
  readonly #chunk = element('mark');
  readonly #after = element('span', { class: 'context' });
  readonly #stats = new Map<string, HTMLElement>();

  constructor() {
    const text = element('div', { class: 'where' }, this.#before, this.#chunk, this.#after);
    const stats = element('dl', { class: 'stats' });
    for (const name of ['chunk', 'byte', 'surprise', 'p(chunk)', 'mistakes', 'effective voters']) {
      const value = element('dd');
      this.#stats.set(name, value);
      stats.append(element('div', {}, element('dt', {}, name), value));
    }
    this.node = element('div', { class: 'summary' }, text, stats);
  }

  set(data: VotesReady): void {
    this.#before.textContent = data.before.slice(-CONTEXT_CHARACTERS);
    this.#chunk.textContent = data.text;
    this.#after.textContent = data.after.slice(0, CONTEXT_CHARACTERS);
    let mistakes = 0;
    let scored = 0;
    for (let bit = 0; bit < data.bits.length; bit++) {
      scored += data.scored[bit]!;
      if (isMistake(data, bit)) mistakes += 1;
    }
    this.#stat('chunk', `${formatCount(data.index + 1)} of ${formatCount(data.chunkCount)}`);
    this.#stat('byte', formatCount(data.offset));
    this.#stat('surprise', `${formatBits(data.surprise)} bits`);
    this.#stat('p(chunk)', formatProbabilityOfSurprise(data.surprise));
    this.#stat('mistakes', `${mistakes} of ${scored}`);
    this.#stat(
      'effective voters',
      `1-bits ${formatVoters(data.effectiveVotersOnes)}, 0-bits ${formatVoters(data.effectiveVotersZeros)}`,
    );
  }

  #stat(name: string, value: string): void {
    this.#stats.get(name)!.textContent = value;
  }
}
