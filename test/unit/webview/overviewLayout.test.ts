/** @file The model overview's picture: every block has a place of its own inside it, with a byte stage and without. */
import { describe, expect, it } from 'vitest';
import { networkBlocks } from '../../../model/network/blocks';
import type { ModelConfig } from '../../../model/network/config';
import { DEFAULT_CONFIG } from '../../../model/network/config';
import { blockName } from '../../../model/measures/blockName';
import { blockMeaning, blockShape } from '../../../webview/overview/describe';
import { uShape } from '../../../webview/overview/layout';

function blocksOf(change: Partial<ModelConfig>) {
  const config = { ...DEFAULT_CONFIG, ...change };
  return networkBlocks(config).map((block) => ({
    ...block,
    positions: Math.ceil(config.context_chunks / 2 ** block.level),
    milliseconds: null,
  }));
}

describe.each(
  [{}, { stages: 0 }, { byte_channels: 24 }, { byte_channels: 24, stages: 0, bottleneck_layers: 6 }].flatMap((change) =>
    [340, 420, 500, 900].map((room) => ({ change, room })),
  ),
)('%j', ({ change, room }) => {
  const blocks = blocksOf(change);
  const { boxes, height, width } = uShape(blocks, { ...DEFAULT_CONFIG, ...change }.stages, room);

  it('no block lies outside or over another', () => {
    expect(boxes).toHaveLength(blocks.length);
    boxes.forEach((box, i) => {
      expect(box.y, blocks[i]!.id).toBeGreaterThanOrEqual(0);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      for (const other of boxes.slice(i + 1)) {
        const isBeside = Math.abs(box.x - other.x) >= box.width;
        const apart = isBeside || Math.abs(box.y - other.y) >= box.height;
        expect(apart, blocks[i]!.id).toBe(true);
      }
    });
  });

  it('is as wide as its room, with boxes that hold their names and bends that leave a gap', () => {
    expect(width).toBe(room);
    for (const box of boxes) expect(box.width).toBeGreaterThanOrEqual(Math.min(146, room));
    const lefts = [...new Set(boxes.map(({ x }) => x))].sort((a, b) => a - b);
    if (lefts.length === 3) expect(lefts[1]! - lefts[0]!).toBeGreaterThan(boxes[0]!.width / 2 + 10);
  });

  it('every block has a name of its own', () => {
    expect(new Set(blocks.map(blockName)).size).toBe(blocks.length);
  });
});

it.each([{}, { byte_channels: 24 }])('one block has the layer norm, the last before the voters: %j', (change) => {
  const blocks = blocksOf(change);
  const normed = blocks.filter((block) => blockMeaning(block).includes('layer norm'));
  expect(normed).toEqual([blocks.at(-2)]);
  expect(normed[0]!.tensors.map(({ name }) => name)).toContain('output_norm.weight');
});

it('the byte stage has a position per byte, and says so', () => {
  const stage = blocksOf({ byte_channels: 24 }).filter(({ level }) => level < 0);
  expect(stage.map(blockName)).toEqual(['Upsampling to bytes', 'Byte stage']);
  expect(stage.map((block) => blockShape(block, 128))).toEqual(['256 × 48', '256 × 24']);
  for (const block of stage) expect(blockMeaning(block)).toMatch(/byte/);
});
