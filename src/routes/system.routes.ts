import * as system from '../controllers/system.controller';
import { route } from '../http/route';
import { systemHealth } from '../schemas/system.schemas';

export const systemRoutes = [
  route({
    method: 'get',
    path: '/admin/health',
    id: 'checkSystem',
    tag: 'Admin',
    summary: 'Get detailed system health',
    description:
      'Reports on the database, Redis, the worker, the queues, memory, CPU, and the recent response times of this process.',
    access: 'admin',
    status: 200,
    response: systemHealth,
    errors: [],
    handler: system.health,
  }),
];
