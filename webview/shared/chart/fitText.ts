/** @file Text that fits into a picture. */

/** Sets a text of a picture, shortened where it is wider than `width` CSS pixels. */
export function setFitted(node: SVGTextElement, text: string, width: number): void {
  node.textContent = text;
  if (node.getComputedTextLength() <= width) return;
  let length = text.length;
  do {
    length = Math.min(length - 1, Math.floor((length * width) / node.getComputedTextLength()));
    node.textContent = `${text.slice(0, Math.max(0, length)).trimEnd()}…`;
  } while (length > 0 && node.getComputedTextLength() > width);
}

/** Sets the first of a picture's texts that is not wider than `width` CSS pixels, else the last. */
export function setFirstFitting(node: SVGTextElement, texts: readonly string[], width: number): void {
  for (const text of texts) {
    node.textContent = text;
    if (node.getComputedTextLength() <= width) return;
  }
}
