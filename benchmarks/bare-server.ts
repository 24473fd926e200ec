import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { reportToParent } from './report-to-parent';

const answers = new Map(
  Object.entries(JSON.parse(readFileSync(process.env.ANSWERS ?? '', 'utf8')) as Record<string, string>).map(
    ([url, text]) => [url, JSON.parse(text) as object],
  ),
);

const app = express();
app.get('/api/events', (req, res) => {
  res.json(answers.get(req.originalUrl));
});

const server = app.listen(0, '127.0.0.1', () =>
  reportToParent((server.address() as AddressInfo).port, async () => void server.close()),
);
