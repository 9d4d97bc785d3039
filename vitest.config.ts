import { defineConfig } from 'vitest/config'

/** `unit` needs nothing but Node; `e2e` talks to the real servers of test/stack. */
export default defineConfig({
  test: {
    pool: 'forks',
    reporters: ['default', './test/support/summary-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.e2e.test.ts'],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/**/*.e2e.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
          globalSetup: ['./test/support/e2e-setup.ts'],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
