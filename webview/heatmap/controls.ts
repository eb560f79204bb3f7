/** @file The controls above the picture: rows, measure, zoom, and what is switched on. */
import { dropdown, element, memoryToggle, ToggleButton } from '../shared/dom';
import type { RowKind } from './picture/bands';
import { ROW_KINDS } from './picture/bands';
import type { MeasureName } from './measured/measures';
import { MEASURE_NAMES, MEASURES } from './measured/measures';
import type { VoterMeasureName } from './measured/voterMeasures';
import { VOTER_MEASURE_NAMES, VOTER_MEASURES } from './measured/voterMeasures';

export interface HeatmapChoice {
  readonly rows: RowKind;
  /** What cells of bits show, and what cells of voters. */
  readonly measure: MeasureName;
  readonly voterMeasure: VoterMeasureName;
  readonly table: boolean;
}

export interface HeatmapControlHandlers {
  onChoice(choice: Partial<HeatmapChoice>): void;
  onZoom(direction: 1 | -1): void;
  onEditor(): void;
  onMemory(): void;
}

export class HeatmapControls {
  readonly node: HTMLElement;
  readonly #measure: HTMLElement;
  readonly #voterMeasure: HTMLElement;
  readonly #table: ToggleButton;
  readonly #memory: ToggleButton;
  #choice: HeatmapChoice;

  /** @param lock the button that locks the selection */
  constructor(choice: HeatmapChoice, lock: HTMLElement, handlers: HeatmapControlHandlers) {
    this.#choice = choice;
    const button = (text: string, label: string, onClick: () => void): HTMLButtonElement => {
      const node = element('button', { type: 'button', 'aria-label': label, title: label }, text);
      node.addEventListener('click', onClick);
      return node;
    };
    this.#measure = dropdown(
      'Measure',
      MEASURE_NAMES.map((value) => ({ value, label: MEASURES[value].label })),
      choice.measure,
      (measure) => {
        handlers.onChoice({ measure });
      },
    );
    this.#voterMeasure = dropdown(
      'Measure',
      VOTER_MEASURE_NAMES.map((value) => ({ value, label: VOTER_MEASURES[value].label })),
      choice.voterMeasure,
      (voterMeasure) => {
        handlers.onChoice({ voterMeasure });
      },
    );
    this.#table = new ToggleButton({ on: 'Table', off: 'Table' }, 'table-toggle', () => {
      handlers.onChoice({ table: !this.#choice.table });
    });
    this.#memory = memoryToggle(() => {
      handlers.onMemory();
    });
    this.node = element(
      'div',
      { class: 'controls' },
      this.#measure,
      this.#voterMeasure,
      dropdown('Rows', ROW_KINDS, choice.rows, (rows) => {
        handlers.onChoice({ rows });
      }),
      button('−', 'Zoom out', () => {
        handlers.onZoom(-1);
      }),
      button('+', 'Zoom in', () => {
        handlers.onZoom(1);
      }),
      button('Editor', 'Go to what the editor shows', () => {
        handlers.onEditor();
      }),
      this.#table.node,
      this.#memory.node,
      lock,
    );
    this.set(choice);
  }

  /** Shows whether memory is on. */
  setMemory(isOn: boolean): void {
    this.#memory.set(isOn);
  }

  /** Shows what is chosen. */
  set(choice: HeatmapChoice): void {
    this.#choice = choice;
    this.#measure.hidden = choice.rows !== 'bits';
    this.#voterMeasure.hidden = choice.rows === 'bits';
    this.#table.set(choice.table);
  }
}
