/** @file `smuggler export`: the network as an ONNX file that any runtime can load. */
import { atomicWrite } from '../checkpoint/atomicWrite';
import { readModelFolder } from '../checkpoint/modelFolder';
import { exportOnnx } from '../runtime/exportOnnx';
import { byteSize } from '../measures/numberText';
import type { Terminal } from './terminal';

export interface ExportFlags {
  readonly model: string;
  readonly onnx: string;
}

export async function exportModel(flags: ExportFlags, terminal: Terminal): Promise<void> {
  const { config, parameters } = await readModelFolder(flags.model);
  const bytes = exportOnnx(config, parameters);
  await atomicWrite(flags.onnx, bytes);
  terminal.note(`Wrote ${byteSize(bytes.length)} to ${flags.onnx}.`);
}
