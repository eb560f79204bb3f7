/** @file The small picture of a chunk's 32 bits in the hover: probability as height, the real bit, and the mistakes. */
import { isMistake } from '../../model/measures/decidingVoters';
import type { DecidedBits } from '../../model/measures/decidingVoters';

export const PICTURE_WIDTH = 344;
export const PICTURE_HEIGHT = 68;

const BIT_WIDTH = 10;
const BYTE_GAP = 6;
const TOP = 8;
const BOTTOM = 46;
/** Baseline of the line that says what is drawn. */
const CAPTION = 64;

// Blue and orange can be told apart with every colour blindness; both stand out on light and on dark.
const RIGHT = '#3a87c8';
const MISTAKE = '#d9730d';
/** Memory's purple of the panels, between what stands out on light and on dark. */
const MEMORY = '#b565b0';
const AXIS = '#8a8a8a';
/** As far from white as from VS Code's dark. */
const CAPTION_COLOR = '#808080';

/**
 * The picture as SVG. A bar's height is the probability of a 1; a dot above it is a real 1, below it a real 0;
 * mistakes are orange and outlined by a ring, so that they do not hang on colour alone.
 * @param withMemory p of a 1 with memory, a diamond each, of as many bits as are text
 */
export function bitsPicture(data: DecidedBits, withMemory?: Float32Array): string {
  const parts: string[] = [];
  for (let bit = 0; bit < 32; bit++) {
    const x = 3 + bit * BIT_WIDTH + (bit >> 3) * BYTE_GAP;
    if (data.scored[bit] !== 1) continue;
    const wrong = isMistake(data, bit);
    const color = wrong ? MISTAKE : RIGHT;
    const height = Math.max(0.5, data.probabilities[bit]! * (BOTTOM - TOP));
    parts.push(
      `<rect x="${x}" y="${(BOTTOM - height).toFixed(1)}" width="7" height="${height.toFixed(1)}" fill="${color}"/>`,
    );
    const y = data.bits[bit] === 1 ? TOP - 4 : BOTTOM + 5;
    parts.push(`<circle cx="${x + 3.5}" cy="${y}" r="2" fill="${color}"/>`);
    const p = withMemory?.[bit];
    if (p !== undefined) {
      const middle = (BOTTOM - p * (BOTTOM - TOP)).toFixed(1);
      parts.push(`<path d="M${x - 0.5} ${middle}l4 -4l4 4l-4 4z" fill="${MEMORY}" stroke="#fff" stroke-width="0.75"/>`);
    }
    if (wrong) parts.push(`<circle cx="${x + 3.5}" cy="${y}" r="3.5" fill="none" stroke="${color}"/>`);
  }
  const lines = [TOP, (TOP + BOTTOM) / 2, BOTTOM]
    .map(
      (y) =>
        `<path d="M0 ${y}.5H${PICTURE_WIDTH}" stroke="${AXIS}" stroke-opacity="${y === BOTTOM ? 1 : 0.4}" stroke-dasharray="${y === BOTTOM ? 'none' : '2 3'}"/>`,
    )
    .join('');
  const caption = `bar: p of a 1 · dot: the real bit · orange: wrong${withMemory === undefined ? '' : ' · ◆ with memory'}`;
  const text = `<text x="3" y="${CAPTION}" font-family="sans-serif" font-size="9.5" fill="${CAPTION_COLOR}">${caption}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${PICTURE_WIDTH}" height="${PICTURE_HEIGHT}" viewBox="0 0 ${PICTURE_WIDTH} ${PICTURE_HEIGHT}">${lines}${parts.join('')}${text}</svg>`;
}

/** The picture as an address that Markdown can show. */
export function bitsPictureUri(data: DecidedBits, withMemory?: Float32Array): string {
  return `data:image/svg+xml;base64,${Buffer.from(bitsPicture(data, withMemory)).toString('base64')}`;
}
