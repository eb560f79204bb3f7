/** @file Which addresses are opened from a page: those of the web, about which VS Code asks the user. Pure. */

const SCHEMES = new Set(['http:', 'https:']);

/** Of anything that a model folder or a page may hold. */
export function isWebAddress(address: unknown): address is string {
  return typeof address === 'string' && URL.canParse(address) && SCHEMES.has(new URL(address).protocol);
}
