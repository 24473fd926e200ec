import type { Download, RouteRequest } from '../http/route';
import { renderUnsubscribedPage, renderUnsubscribePage } from '../http/pages/unsubscribe-pages';
import { getUnsubscribeState, unsubscribe } from '../services/unsubscribe/unsubscribe';

type Request = RouteRequest<'public', { token: string }>;

const toPage = (content: string): Download => ({
  content,
  contentType: 'text/html; charset=utf-8',
  filename: 'unsubscribe.html',
  disposition: 'inline',
});

export async function show({ params }: Request): Promise<Download> {
  return toPage(renderUnsubscribePage(await getUnsubscribeState(params.token)));
}

export async function end({ params }: Request): Promise<Download> {
  return toPage(renderUnsubscribedPage(await unsubscribe(params.token)));
}
