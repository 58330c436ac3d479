import type { Page } from '@playwright/test';
import { openWizard, wizardTests } from '../shared/wizard';
import { test as base } from '../support/made-up';
import { signedIn } from '../support/people';

const test = base.extend<{ wizard: Page }>({
  wizard: async ({ page, service }, use) => {
    signedIn(service, {}, []);
    await page.goto('/device');
    await openWizard(page);
    await use(page);
  },
});

wizardTests(test as never);
