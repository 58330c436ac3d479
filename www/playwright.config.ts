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

/** A small telephone at night. */
const NARROW = { viewport: { width: 320, height: 800 }, colorScheme: 'dark' } as const;

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
    // Where no more is said, a page is wide and light.
    // States that a real service seldom is in: their answers are made up here.
    { name: 'states', testDir: 'tests/states' },
    // Everything else, with the service and its daemon as they ship. One account after the other.
    { name: 'service', testDir: 'tests/service', fullyParallel: false },
    // What changes the policy, which is that of the whole host: alone, one after the other.
    { name: 'policy', testDir: 'tests/policy', fullyParallel: false, workers: 1 },
    // The same once more, narrow and dark, but for what sets size and colours itself.
    { name: 'service-narrow', testDir: 'tests/service', testIgnore: /(accessible|pictures)\.spec/, fullyParallel: false, use: NARROW },
    { name: 'policy-narrow', testDir: 'tests/policy', fullyParallel: false, workers: 1, use: NARROW },
  ],
});
