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
    summary: 'A new pair of tokens',
    description:
      'Spends the refresh token. Within 10 s it gives the same successor again (two tabs); its use later ends the session.',
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
    summary: 'End this session',
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
    summary: 'End all my sessions',
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
    summary: 'Where I am signed in, the last used first',
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
    summary: 'End one of my sessions',
    access: 'user',
    params: sessionParams,
    status: 204,
    errors: ['NOT_FOUND'],
    handler: sessions.end,
  }),
];
