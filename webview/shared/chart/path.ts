/** @file Many small shapes as one SVG path: 32 rows cost one attribute. */

/** A rectangle's outline. */
export function rectangle(x: number, y: number, width: number, height: number): string {
  return `M${x},${y}h${width}v${height}h${-width}z`;
}

/** A cross inscribed in a square around a point. */
export function cross(x: number, y: number, radius: number): string {
  const side = 2 * radius;
  return `M${x - radius},${y - radius}l${side},${side}m0,${-side}l${-side},${side}`;
}

/** A triangle that points right, its tip at (x, y). */
export function pointer(x: number, y: number, size: number): string {
  return `M${x},${y}l${-size},${-size}v${2 * size}z`;
}

/** A diamond around a point. */
export function diamond(x: number, y: number, radius: number): string {
  return `M${x - radius},${y}l${radius},${-radius}l${radius},${radius}l${-radius},${radius}z`;
}
