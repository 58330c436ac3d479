import type { Page } from '@playwright/test';
import { openWizard, wizardTests } from '../shared/wizard';
import { newAccount } from '../support/host';
import { signIn, test as base } from '../support/served';

const test = base.extend<{ wizard: Page }>({
  wizard: async ({ page }, use) => {
    await signIn(page, newAccount());
    await openWizard(page);
    await use(page);
  },
});

wizardTests(test as never);
