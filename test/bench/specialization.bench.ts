/** @file Concept search and specialization map over 4,096 voters and 10^5 chunks, the votes being there. */
import { rankVoters } from '../../model/inspection/specialization/conceptSearch';
import type { VoteMatrix } from '../../model/inspection/specialization/voteMatrix';
import { codeHistograms } from '../../model/inspection/specialization/voteMatrix';
import { Random } from '../../model/text/random';
import { bounded, figure, finish, spread } from './report';

const VOTERS = 4096;
const CHUNKS = 100_000;
const ROUNDS = 3;

/** Votes like a trained model's: many near 0 or 1, neighbouring chunks alike. */
function syntheticVotes(random: Random): VoteMatrix {
  const codes = new Uint8Array(VOTERS * CHUNKS);
  // One voter's walk is drawn; the others read it from other places and shifted, which costs less than 400 million draws.
  const walk = new Uint8Array(CHUNKS);
  let z = 0;
  for (let i = 0; i < CHUNKS; i++) {
    z = 0.8 * z + random.normal() * 3;
    walk[i] = Math.min(255, Math.floor(256 / (1 + Math.exp(-(z - 4) / 4))));
  }
  for (let voter = 0; voter < VOTERS; voter++) {
    const from = random.integer(CHUNKS);
    codes.set(walk.subarray(from), voter * CHUNKS);
    codes.set(walk.subarray(0, from), voter * CHUNKS + CHUNKS - from);
  }
  return {
    voters: VOTERS,
    votersPerBit: VOTERS / 32,
    codes,
    histograms: codeHistograms(codes, VOTERS),
    chunks: { texts: [], runs: [], count: CHUNKS, totalChunks: CHUNKS },
  };
}

async function main(): Promise<void> {
  const random = Random.fromSeed(1);
  const matrix = syntheticVotes(random);
  figure('voters × chunks', `${VOTERS} × ${CHUNKS}`);
  for (const [share, run] of [
    [0.01, 2],
    [0.3, 3],
    [0.5, 400],
  ] as const) {
    const labels = new Uint8Array(CHUNKS);
    for (let i = 0; i < CHUNKS; i += run) labels.fill(random.uniform() < share ? 1 : 0, i, i + run);
    const times: number[] = [];
    const processor: number[] = [];
    let longest = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      const used = process.cpuUsage();
      let last = start;
      await rankVoters(matrix, labels, {
        random,
        giveWay: () => {
          longest = Math.max(longest, performance.now() - last);
          last = performance.now();
          return Promise.resolve();
        },
      });
      times.push((performance.now() - start) / 1000);
      processor.push(process.cpuUsage(used).user / 1e6);
    }
    bounded(`concept of ${share * 100} % of the chunks, runs of ${run}`, spread(times).median, { below: 2 }, 's');
    // On a busy machine the clock tells how busy it is.
    figure('  processor time', `${spread(processor).median.toFixed(2)} s`);
    figure('  longest time without a turn for others', `${longest.toFixed(1)} ms`);
  }
  finish();
}

void main();
