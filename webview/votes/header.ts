/** @file The line over the picture: which chunk, how surprising, how many of its bits are wrong. */
import { firstSigns, lastSigns } from '../../model/measures/visibleText';
import { element } from '../shared/dom';
import type { VotesReady } from '../../model/protocol/panels/votes';
import { formatBits, formatCount, formatProbabilityOfSurprise } from '../shared/text';
import { surpriseWithMemory } from './memoryData';
import { rankOfText, wrongBitsText } from './votesData';

/** Characters of the neighbouring chunks that are shown on each side, at most. */
const CONTEXT_CHARACTERS = 10;

export class VotesHeader {
  readonly node: HTMLElement;
  readonly #before = element('span', { class: 'context' });
  readonly #chunk = element('mark');
  readonly #after = element('span', { class: 'context' });
  readonly #stats = new Map<string, HTMLElement>();

  constructor() {
    const text = element('div', { class: 'where' }, this.#before, this.#chunk, this.#after);
    const stats = element('dl', { class: 'stats' });
    for (const name of ['byte', 'surprise', 'with memory', 'p(chunk)', 'rank', 'wrong bits']) {
      const value = element('dd', { class: name.replaceAll(/[^a-z]/g, '-') });
      this.#stats.set(name, value);
      stats.append(element('div', {}, element('dt', {}, name), value));
    }
    this.#stats.get('rank')!.title =
      'Rank of the text among the model’s most probable chunks: where every bit is likely given those before it, all together need not be';
    this.node = element('div', { class: 'summary' }, text, stats);
  }

  set(data: VotesReady): void {
    this.#before.textContent = lastSigns(data.before, CONTEXT_CHARACTERS);
    this.#chunk.textContent = data.text;
    this.#after.textContent = firstSigns(data.after, CONTEXT_CHARACTERS);
    this.#stat('byte', formatCount(data.offset));
    // With voters changed before and after: nothing that is shown is of the one without the other.
    const after = data.lesion?.result?.after.surprise;
    const surprises = after === undefined ? [data.surprise] : [data.surprise, after];
    this.#stat('surprise', `${surprises.map(formatBits).join(' → ')} bits`);
    const withMemory = surpriseWithMemory(data);
    this.#stats.get('with memory')!.parentElement!.hidden = withMemory === null;
    this.#stat('with memory', withMemory ?? '');
    this.#stat('p(chunk)', surprises.map(formatProbabilityOfSurprise).join(' → '));
    this.#stat('rank', `${rankOfText(data)}${data.lesion === null ? '' : ', if all vote'}`);
    this.#stat('wrong bits', wrongBitsText(data));
  }

  #stat(name: string, value: string): void {
    this.#stats.get(name)!.textContent = value;
  }
}
