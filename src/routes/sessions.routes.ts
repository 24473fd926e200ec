import * as sessions from '../controllers/sessions.controller';
import { route } from '../http/route';
import { listSessionsQuery, refreshBody, session, sessionParams, tokenPair } from '../schemas/sessions.schemas';

const tag = 'Auth';

export const sessionsRoutes = [
  route({
    method: 'post',
    path: '/auth/refresh',
    id: 'refreshSession',
    tag,
    summary: 'Refresh an access token',
    description:
      'Exchanges a refresh token for a new pair of tokens. Using the same token again within 10 seconds returns the same pair, for example to a second tab; using it later ends the session.',
    access: 'public',
    body: refreshBody,
    example: { refreshToken: '1f8Zk0mQ2vWc7yXn3bTr5uHs9aLe4oPd6gJi8wKq0Rs' },
    status: 200,
    response: tokenPair,
    errors: ['UNAUTHORIZED', 'ACCOUNT_SUSPENDED'],
    handler: sessions.refresh,
  }),
  route({
    method: 'post',
    path: '/auth/logout',
    id: 'logOut',
    tag,
    summary: 'Sign out',
    access: 'user',
    status: 204,
    errors: [],
    handler: sessions.logout,
  }),
  route({
    method: 'post',
    path: '/auth/logout-all',
    id: 'logOutEverywhere',
    tag,
    summary: 'Sign out on all devices',
    access: 'user',
    status: 204,
    errors: [],
    handler: sessions.logoutAll,
  }),
  route({
    method: 'get',
    path: '/auth/sessions',
    id: 'listSessions',
    tag,
    summary: 'List your sessions, last used first',
    access: 'user',
    query: listSessionsQuery,
    status: 200,
    response: session,
    list: true,
    errors: [],
    handler: sessions.list,
  }),
  route({
    method: 'delete',
    path: '/auth/sessions/:id',
    id: 'endSession',
    tag,
    summary: 'End one of your sessions',
    access: 'user',
    params: sessionParams,
    status: 204,
    errors: ['NOT_FOUND'],
    handler: sessions.end,
  }),
];
