import { Router, type NextFunction, type Request, type Response } from 'express';
import { getAttachment, getMail, getRawMail, listMails, listSms } from '../../services/mailbox.service';
import { isDeveloper } from './developer';
import { renderMailList, renderMailPage } from './mailbox-pages';

const MAX_LISTED = 200;
// No scripts, and nothing from other origins; images only from this program. The frame with the HTML part inherits this policy.
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

/** The only attachment type, besides PDF, that keeps its type: calendar programs open it, and browsers do not run it. */
const CALENDAR_TYPE = /^text\/calendar\b/;

/** Sends an attachment. PDFs open in the browser; everything else is a download. */
async function sendAttachment(req: Request<{ id: string; index: string }>, res: Response): Promise<void> {
  const index = /^\d{1,3}$/.test(req.params.index) ? Number(req.params.index) : -1;
  const { content, contentType, filename } = await getAttachment(req.params.id, index);
  const isPdf = contentType === 'application/pdf' && content.subarray(0, 5).toString('latin1') === '%PDF-';
  // The PDF viewer of a browser needs its own styles and scripts, which the policy of the pages would block.
  if (isPdf) res.setHeader('Content-Security-Policy', "frame-ancestors 'none'");
  res.setHeader('X-Content-Type-Options', 'nosniff');
  if (!isPdf) res.attachment(filename);
  if (isPdf) res.type('application/pdf');
  else res.type(CALENDAR_TYPE.test(contentType) ? 'text/calendar; charset=utf-8' : 'application/octet-stream');
  res.send(content);
}

/** Serves the local mailbox at /dev/mail as pages and at /dev/mail.json (or with `?format=json`) as data; `?to=` filters by address. Text messages are on the same page and at /dev/sms.json. */
export function mailbox(): Router {
  const router = Router();
  router.use('/dev', admitDeveloper);
  router.get(['/dev/mail', '/dev/mail.json'], sendList);
  router.get('/dev/sms.json', sendSmsList);
  router.get('/dev/mail/:id', sendMail);
  router.get('/dev/mail/:id/attachments/:index', sendAttachment);
  return router;
}
