import * as system from '../controllers/system.controller';
import { route } from '../http/route';
import { systemHealth } from '../schemas/system.schemas';

export const systemRoutes = [
  route({
    method: 'get',
    path: '/admin/health',
    id: 'checkSystem',
    tag: 'Admin',
    summary: 'Health in detail',
    description: 'Database, Redis, worker, queues, memory, processor, and how this process has answered lately.',
    access: 'admin',
    status: 200,
    response: systemHealth,
    errors: [],
    handler: system.health,
  }),
];
