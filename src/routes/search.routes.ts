import * as search from '../controllers/search.controller';
import { route } from '../http/route';
import { outList } from '../schemas/common.schemas';
import { searchHit, searchQuery } from '../schemas/search.schemas';

export const searchRoutes = [
  route({
    method: 'get',
    path: '/admin/search',
    id: 'searchEverything',
    tag: 'Admin',
    summary: 'Find an account, booking, order, ticket or license',
    description: 'Lists at most eight of each kind.',
    access: 'admin',
    query: searchQuery,
    status: 200,
    response: outList(searchHit),
    errors: [],
    handler: search.search,
  }),
];
