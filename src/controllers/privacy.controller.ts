import type { Download, RouteRequest } from '../http/route';
import { eraseAccount } from '../services/privacy/erase-account';
import { exportAccount } from '../services/privacy/export-account';

export function exportMine({ actor }: RouteRequest<'user'>): Download {
  return {
    content: exportAccount(actor),
    contentType: 'application/json; charset=utf-8',
    filename: `bilten-export-${actor.userId}.json`,
  };
}

export async function eraseMine({ actor, caller, body }: RouteRequest<'user', unknown, unknown, { password: string }>) {
  await eraseAccount(actor, caller, body.password);
}
