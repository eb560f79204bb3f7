/** @file What a block of the network is called where a user reads it. Pure. */
import type { BlockSummary } from '../protocol/models';

/** A block's name; stages and layers are numbered from 1. Below level 0 a block has a position per byte. */
export function blockName({ id, kind, level }: Pick<BlockSummary, 'id' | 'kind' | 'level'>): string {
  const number = /\.(\d+)(\.|$)/.exec(id)?.[1];
  const numbered = number === undefined ? '' : ` ${Number(number) + 1}`;
  const isByteStage = level < 0;
  switch (kind) {
    case 'embedding':
      return 'Input embedding';
    case 'convolution':
      return 'Input convolution';
    case 'encoder':
      return `Encoder${numbered}`;
    case 'downsample':
      return `Downsampling${numbered}`;
    case 'transformer':
      return `Transformer${numbered}`;
    case 'dendritic':
      return `Dendrites${numbered}`;
    case 'upsample':
      return isByteStage ? 'Upsampling to bytes' : `Upsampling${numbered}`;
    case 'decoder':
      return isByteStage ? 'Byte stage' : `Decoder${numbered}`;
    case 'output':
      return 'Output';
    case 'voters':
      return 'Voters';
  }
}
