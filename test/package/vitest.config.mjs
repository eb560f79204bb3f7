// Tests of what `npm run package` wrote.
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { root: import.meta.dirname, include: ['*.test.ts'] } });
