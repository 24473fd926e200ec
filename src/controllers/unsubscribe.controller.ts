import type { Download, RouteRequest } from '../http/route';
import { unsubscribedPage, unsubscribePage } from '../http/unsubscribe.pages';
import { showSubscription, unsubscribe } from '../services/unsubscribe.service';

type Request = RouteRequest<'public', { token: string }>;

const asPage = (content: string): Download => ({
  content,
  contentType: 'text/html; charset=utf-8',
  filename: 'unsubscribe.html',
  disposition: 'inline',
});

export async function show({ params }: Request): Promise<Download> {
  return asPage(unsubscribePage(await showSubscription(params.token)));
}

export async function end({ params }: Request): Promise<Download> {
  return asPage(unsubscribedPage(await unsubscribe(params.token)));
}
