/** @file Text from documents as Markdown that shows it and nothing else. */
import { visibleLabel } from '../../model/measures/visibleText';

/**
 * A Markdown code span that shows `text` whatever it holds: backticks, spaces at its ends, line breaks.
 * An empty text gives an empty string, because a code span cannot be empty.
 */
export function codeSpan(text: string): string {
  // A code span cannot hold a line break, and in a hover only what can be seen is of use.
  const visible = visibleLabel(text);
  if (visible === '') return '';
  const longest = Math.max(0, ...[...visible.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = visible.startsWith('`') || visible.endsWith('`') ? ' ' : '';
  return `${fence}${padding}${visible}${padding}${fence}`;
}

/** Plain text with every character escaped that Markdown could read as markup. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~$&:@]/gu, '\\$&').replaceAll(/\s+/gu, ' ');
}
