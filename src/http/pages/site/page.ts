import type { Request } from 'express';
import type { Language } from '../../../lib/text/languages';
import type { PageHead, PageTexts } from './render-page';

export interface PageRequest {
  req: Request;
  language: Language;
  texts: PageTexts;
}

export interface LoadedPage {
  /** Properties of the view. */
  props: object;
  head: PageHead;
}

/** A page for people: where it is, which view shows it, and what the server knows before the first view is sent. */
export interface SitePage {
  /** Express paths. */
  paths: string[];
  /** The name of the module in assets/pages/entries, and of its view. */
  view: string;
  /** True if the path is a secret, such as a signed link, which must not be logged. */
  isSecret?: boolean;
  /** True if the page loads the form of a payment provider. */
  takesPayments?: boolean;
  /** True if the page reads QR codes, for which it may need WebAssembly. */
  readsCodes?: boolean;
  load(request: PageRequest): LoadedPage | Promise<LoadedPage>;
}
