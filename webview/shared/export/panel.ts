/**
 * @file What a panel gives so that it can be exported; the rest is done here, alike for all panels.
 *
 * To join: hand a {@link PanelExport} to `host.offerExport`, and on the extension's side call `inspector.exports.add(…)`
 * where the panel makes its channel. See README.md beside this file.
 */

/** A cell of the table: a number stays a number, null is a cell without a value. */
export type ExportCell = string | number | null;

export interface ExportTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ExportCell[])[];
}

/**
 * Called when the user exports, while the panel shows data (its last state was `ready`).
 *
 * Pictures (SVG, PNG) are made from what is visible in `<main>`: text and inline SVG become vectors, canvases images.
 * Controls are left out: what is in `.controls` (headings aside), `.pager` or `[data-export=skip]`.
 */
export interface PanelExport<State> {
  /** Where the numbers come from, in full: what `provenanceText` says, a line a source. */
  provenance(): string;
  /** The table alternative's data, all of it, numbers not rounded. */
  table(): ExportTable;
  /** What a reload would restore now. Unless given: what was saved last. */
  view?(): object;
  /**
   * States that make a new page show the same when they arrive in this order. Unless given: the last state, which is
   * right for a panel whose states are whole. Every one is `ready`.
   */
  states?(): readonly State[];
}
