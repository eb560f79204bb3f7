/** @file A table as CSV (RFC 4180, UTF-8). Pure. */
import type { ExportCell, ExportTable } from './panel';

/** A number as JavaScript writes it, which reads back as the same; nothing for null. */
function field(cell: ExportCell): string {
  if (cell === null) return '';
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The table's header and rows, each ended by CR LF. */
export function tableCsv({ columns, rows }: ExportTable): string {
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}
