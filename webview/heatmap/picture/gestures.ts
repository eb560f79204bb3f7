/** @file Pointer, wheel and keys on the picture: hovering, clicking, zooming and panning. */
import { select } from 'd3-selection';
import type { D3ZoomEvent } from 'd3-zoom';
import { zoom, zoomIdentity } from 'd3-zoom';
import type { ChunkWindow } from '../moving/window';
import { LEAST_SPAN, mostSpan } from '../moving/window';

export interface GestureHandlers {
  /** The pointer moves, or is gone (null). */
  onPoint(event: PointerEvent, isOn: boolean): void;
  onClick(event: MouseEvent): void;
  onWindow(window: ChunkWindow): void;
}

/** Where the picture is. */
export interface GestureFrame {
  readonly window: ChunkWindow;
  readonly chunkCount: number;
  /** CSS pixels across that chunks have. */
  readonly width: number;
}

export class Gestures {
  readonly #zoom = zoom<SVGRectElement, unknown>();
  #frame: GestureFrame | null = null;

  /** @param surface takes the pointer; @param focused gets the keyboard when the surface is pressed */
  constructor(
    private readonly surface: SVGRectElement,
    focused: HTMLElement,
    handlers: GestureHandlers,
  ) {
    surface.addEventListener('pointermove', (event) => {
      handlers.onPoint(event, event.buttons === 0);
    });
    surface.addEventListener('pointerleave', (event) => {
      handlers.onPoint(event, false);
    });
    // d3-zoom keeps a drag from ending as a click.
    surface.addEventListener('click', (event) => {
      handlers.onClick(event);
    });
    surface.addEventListener('mousedown', () => {
      focused.focus({ preventScroll: true });
    });
    const isSideways = (event: Event): boolean =>
      event instanceof WheelEvent && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY));
    this.#zoom
      .filter((event: Event) => !isSideways(event) && !(event instanceof MouseEvent && event.button !== 0))
      .clickDistance(4)
      .on('zoom', (event: D3ZoomEvent<SVGRectElement, unknown>) => {
        // Moves that this class made itself have no source.
        if (event.sourceEvent == null || this.#frame === null) return;
        const span = this.#frame.chunkCount / event.transform.k;
        handlers.onWindow({ span, start: (-event.transform.x * span) / this.#frame.width });
      });
    select(surface).call(this.#zoom).on('dblclick.zoom', null);
    surface.addEventListener(
      'wheel',
      (event) => {
        if (!isSideways(event) || this.#frame === null) return;
        event.preventDefault();
        const { window, width } = this.#frame;
        const pixels = event.deltaX === 0 ? event.deltaY : event.deltaX;
        handlers.onWindow({ ...window, start: window.start + (pixels * window.span) / width });
      },
      { passive: false },
    );
  }

  /** Tells d3-zoom where the window is: its scale is the document over the width. */
  sync(frame: GestureFrame): void {
    this.#frame = frame;
    const { window, chunkCount, width } = frame;
    const bounds: [[number, number], [number, number]] = [
      [0, 0],
      [width, 1],
    ];
    const most = mostSpan(width, chunkCount);
    this.#zoom
      .extent(bounds)
      .translateExtent(bounds)
      .scaleExtent([chunkCount / most, chunkCount / Math.min(LEAST_SPAN, most)]);
    const transform = zoomIdentity.translate((-window.start * width) / window.span, 0).scale(chunkCount / window.span);
    select(this.surface).call((surface) => {
      this.#zoom.transform(surface, transform);
    });
  }
}
