import type { Page } from 'playwright-core';
import { PASSWORD, type TestUser } from '../accounts';
import type { Site } from '../servers/site';

/** What tests do at the pages. */
export interface Visitor {
  page: Page;
  open(path: string): Promise<void>;
  signIn(user: TestUser): Promise<void>;
  /** Opens a page that asks to sign in, and does. */
  enter(user: TestUser, path: string): Promise<void>;
  button(name: string | RegExp): ReturnType<Page['getByRole']>;
  heading(name: string | RegExp): ReturnType<Page['getByRole']>;
}

export function createVisitor(site: Site, page: Page): Visitor {
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });
  async function open(path: string): Promise<void> {
    await page.goto(`${site.base}${path}`);
    await page.locator('html[data-ready]').waitFor();
  }
  async function enter({ user }: TestUser, path: string): Promise<void> {
    await open(path);
    await page.getByLabel('Email').fill(user.email);
    await page.getByLabel('Password').fill(PASSWORD);
    await button('Sign in').click();
  }
  return {
    page,
    enter,
    open,
    button,
    heading,
    async signIn(user) {
      await enter(user, '/sign-in?next=/account');
      await heading('My account').waitFor();
      await page.waitForLoadState('networkidle');
    },
  };
}
