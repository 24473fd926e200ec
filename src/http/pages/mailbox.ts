import { Router, type NextFunction, type Request, type Response } from 'express';
import { getAttachment, getMail, getRawMail, listMails, listSms } from '../../services/mailbox.service';
import { isDeveloper } from './developer';
import { renderMailList, renderMailPage } from './mailbox-pages';

const MAX_LISTED = 200;
// No scripts, nothing from elsewhere but logos that this program serves; the frame with the HTML part inherits this.
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function admitDeveloper(req: Request, res: Response, next: NextFunction): void {
  if (!isDeveloper(req)) return next('router');
  res.setHeader('Content-Security-Policy', POLICY);
  res.setHeader('Cache-Control', 'no-store');
  next();
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function getFilter(req: Request): { limit: number; to: string | undefined } {
  const limit = Math.min(Number.parseInt(toText(req.query.limit) ?? '', 10) || 50, MAX_LISTED);
  return { limit, to: toText(req.query.to) };
}

async function sendList(req: Request, res: Response): Promise<void> {
  const mails = await listMails(getFilter(req));
  if (req.path.endsWith('.json') || req.query.format === 'json') res.json({ success: true, data: mails });
  else res.type('html').send(renderMailList(mails, await listSms(getFilter(req))));
}

async function sendSmsList(req: Request, res: Response): Promise<void> {
  res.json({ success: true, data: await listSms(getFilter(req)) });
}

async function sendMail(req: Request<{ id: string }>, res: Response): Promise<void> {
  const { id } = req.params;
  if (id.endsWith('.eml')) {
    res
      .type('message/rfc822')
      .attachment(id)
      .send(await getRawMail(id.slice(0, -'.eml'.length)));
    return;
  }
  const mail = await getMail(id);
  if (req.query.format === 'json') res.json({ success: true, data: mail });
  else res.type('html').send(renderMailPage(mail));
}

/** What a program of the reader's may take by its type; nothing of it runs in a browser. */
const HANDED_OVER = /^text\/calendar\b/;

/** PDFs open in the browser; whatever else a mail brought is only handed over. */
async function sendAttachment(req: Request<{ id: string; index: string }>, res: Response): Promise<void> {
  const index = /^\d{1,3}$/.test(req.params.index) ? Number(req.params.index) : -1;
  const { content, contentType, filename } = await getAttachment(req.params.id, index);
  const isPdf = contentType === 'application/pdf' && content.subarray(0, 5).toString('latin1') === '%PDF-';
  // The viewer of a browser needs styles and scripts of its own, which the pages' policy would keep from it.
  if (isPdf) res.setHeader('Content-Security-Policy', "frame-ancestors 'none'");
  res.setHeader('X-Content-Type-Options', 'nosniff');
  if (!isPdf) res.attachment(filename);
  if (isPdf) res.type('application/pdf');
  else res.type(HANDED_OVER.test(contentType) ? 'text/calendar; charset=utf-8' : 'application/octet-stream');
  res.send(content);
}

/** The local mailbox at /dev/mail: as pages, and at /dev/mail.json (or with `?format=json`) as data; `?to=` picks an address. Text messages stand beside it, and at /dev/sms.json. */
export function mailbox(): Router {
  const router = Router();
  router.use('/dev', admitDeveloper);
  router.get(['/dev/mail', '/dev/mail.json'], sendList);
  router.get('/dev/sms.json', sendSmsList);
  router.get('/dev/mail/:id', sendMail);
  router.get('/dev/mail/:id/attachments/:index', sendAttachment);
  return router;
}
