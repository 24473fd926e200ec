import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  nodes: { html: string }[];
}

const WIDTHS = [1280, 390];
/** In dark only the colors are others. */
const RULES = { light: undefined, dark: { runOnly: ['color-contrast', 'link-in-text-block'] } };

/** Asserts that a page has no accessibility violation of any level, in light and dark, on a desktop and on a phone, and that it fits. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  await page.evaluate(AXE);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 844 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const run = `axe.run(${JSON.stringify(RULES[colorScheme] ?? {})}).then(({ violations }) => violations)`;
      const violations = (await page.evaluate(run)) as Violation[];
      const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      expect({ name, width, colorScheme, found }).toEqual({ name, width, colorScheme, found: [] });
    }
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect({ name, width, overflow }).toEqual({ name, width, overflow: 0 });
  }
}

const MORE_TABS_THAN_ELEMENTS = 12;

/** Asserts that Enter on `opener` opens a dialog that keeps the focus, and that Escape closes it and gives the focus back. */
export async function expectKeyboardDialog(page: Page, opener: Locator): Promise<void> {
  const dialog = page.getByRole('dialog');
  await opener.press('Enter');
  await dialog.waitFor();
  for (let step = 0; step < MORE_TABS_THAN_ELEMENTS; step++) {
    await page.keyboard.press('Tab');
    // After the last element the focus is in the browser itself, which the page sees as its body.
    const place = await page.evaluate('document.activeElement.closest("dialog, body").tagName');
    expect(['DIALOG', 'BODY']).toContain(place);
    if (place === 'BODY') expect(await page.evaluate('document.activeElement.tagName')).toBe('BODY');
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await opener.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
}
