/** @file Text that is put into a page as HTML. Pure. */

/** Text as content or attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
