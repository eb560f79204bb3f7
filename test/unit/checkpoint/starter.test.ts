/** @file The starter model's folder: a first click on a voter is answered by what came with it, and nothing in it is of a machine. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModelFolder } from '../../../model/checkpoint/modelFolder';
import { readStatistics } from '../../../model/checkpoint/statisticsFile';
import { voterClasses } from '../../../model/inspection/voterClasses';
import { VOTER_CLASSES } from '../../../model/measures/voterClasses';

const STARTER = path.join(import.meta.dirname, '../../../media/starter');

describe('the starter model', () => {
  it('has statistics and automatic names of its own checkpoint, without examples and without paths of a machine', async () => {
    const { checkpoint, config } = await readModelFolder(STARTER);
    const stored = (await readStatistics(STARTER, checkpoint))!;
    const { statistics, corpus } = stored;
    expect(statistics.votersPerBit).toBe(config.voters_per_bit);
    expect(statistics.chunks).toBeGreaterThan(50_000);
    expect(statistics.totalChunks).toBeGreaterThanOrEqual(statistics.chunks);
    expect(corpus.title).toContain('held-out text');
    for (const file of corpus.files) expect(file.path).toMatch(/^(typescript|javascript|python|english)\/[^/\\]+$/);
    expect(statistics.top.chunks).toHaveLength(0);
    // Of the voters that vote now and then, most have a name.
    const often = statistics.activeCounts.filter((count) => count >= 100).length;
    expect(statistics.names.length).toBeGreaterThan(often / 2);
    const rows = statistics.names.map(({ row }) => row);
    expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
  });

  it('has no class that nearly all of its voters are of: of those that vote at most nine of ten', async () => {
    const { checkpoint } = await readModelFolder(STARTER);
    const masks = voterClasses((await readStatistics(STARTER, checkpoint))!.statistics);
    const dead = VOTER_CLASSES.indexOf('dead');
    const voting = masks.filter((mask) => ((mask >> dead) & 1) === 0);
    VOTER_CLASSES.forEach((name, k) => {
      expect(voting.filter((mask) => (mask >> k) & 1).length / voting.length, name).toBeLessThan(0.9);
    });
  });

  it('is below 8 MB', () => {
    const sizes = readdirSync(STARTER).map((name) => statSync(path.join(STARTER, name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(8e6);
    expect(readFileSync(path.join(STARTER, 'card.md'), 'utf8')).toContain('statistics.safetensors');
  });
});
