import { defineConfig } from '@playwright/test';

const CHROMIUM_FLAGS = [
  // A test machine's user may be root.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  reporter: [['list']],
  // No test asserts a time: these end only what hangs, on the slowest machine, too.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  use: {
    viewport: { width: 1280, height: 800 },
    timezoneId: 'UTC',
    launchOptions: { executablePath: '/usr/bin/chromium', args: CHROMIUM_FLAGS },
  },
  projects: [
    // States that a real service seldom is in: their answers are made up here.
    { name: 'states', testDir: 'tests/states' },
    // Everything else, with the service and its daemon as they ship. One account after the other.
    { name: 'service', testDir: 'tests/service', fullyParallel: false },
    // What changes the policy, which is that of the whole host: alone, one after the other.
    { name: 'policy', testDir: 'tests/policy', fullyParallel: false, workers: 1 },
  ],
});
