/** @file The frame of a picture of chunks, bits or voters: its SVG and size, its shapes by class and, where it listens, what pointer and keys do. */
import { svgElement } from '../dom';

/** What the pointer and the keyboard do in a chart; a `Place` is what can be pointed at. */
export interface ChartHandlers<Place> {
  /** The pointer is on a place, or on none. */
  onHover(place: Place | null, event: PointerEvent): void;
  onClick(place: Place, event: MouseEvent): void;
  onKey(event: KeyboardEvent): void;
  /** The menu of VS Code is about to open where the pointer is, or by the keyboard for what is selected. */
  onMenu?(place: Place | null, isFromKeyboard: boolean): void;
}

export class ChartFrame<Shape extends string> {
  readonly svg = svgElement('svg', { 'aria-hidden': 'true' });
  /** One path per class, in the order in which they are drawn. */
  readonly shapes: readonly SVGPathElement[];
  readonly #shapes: ReadonlyMap<Shape, SVGPathElement>;

  constructor(
    /** The element that the chart fills. */
    private readonly node: HTMLElement,
    names: readonly Shape[],
  ) {
    this.#shapes = new Map(names.map((name) => [name, svgElement('path', { class: name })]));
    this.shapes = [...this.#shapes.values()];
  }

  /** Size of the whole picture in CSS pixels. */
  resize(width: number, height: number): void {
    this.svg.setAttribute('width', String(width));
    this.svg.setAttribute('height', String(height));
  }

  /** Gives shapes their outlines. */
  draw(outlines: Readonly<Partial<Record<Shape, string>>>): void {
    for (const [name, outline] of Object.entries(outlines) as [Shape, string][]) {
      this.#shapes.get(name)!.setAttribute('d', outline);
    }
  }

  /** CSS pixels from the corner of the picture, which scrolls with it. */
  pointOf(event: MouseEvent): { readonly x: number; readonly y: number } {
    const { left, top } = this.svg.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  /** A point of the picture in client coordinates. */
  clientPoint(x: number, y: number): { readonly x: number; readonly y: number } {
    const { left, top } = this.svg.getBoundingClientRect();
    return { x: left + x, y: top + y };
  }

  /** Tells of pointer and keys; `placeAt` finds what is at a point of the picture. */
  listen<Place>(placeAt: (x: number, y: number) => Place | null, handlers: ChartHandlers<Place>): void {
    const at = (event: MouseEvent): Place | null => {
      const { x, y } = this.pointOf(event);
      return placeAt(x, y);
    };
    this.node.addEventListener('pointermove', (event) => {
      handlers.onHover(at(event), event);
    });
    this.node.addEventListener('pointerleave', (event) => {
      handlers.onHover(null, event);
    });
    this.node.addEventListener('click', (event) => {
      const place = at(event);
      if (place !== null) handlers.onClick(place, event);
    });
    this.listenToKeys(at, handlers);
  }

  /** Tells of keys and of the menu: all that a picture needs whose pointer has gestures of its own. */
  listenToKeys<Place>(
    at: (event: MouseEvent) => Place | null,
    handlers: Pick<ChartHandlers<Place>, 'onKey' | 'onMenu'>,
  ): void {
    this.node.addEventListener('keydown', (event) => {
      handlers.onKey(event);
    });
    this.node.addEventListener('contextmenu', (event) => {
      // The event of a key has a place but no button.
      const isFromKeyboard = event.button === -1;
      handlers.onMenu?.(isFromKeyboard ? null : at(event), isFromKeyboard);
    });
  }
}
