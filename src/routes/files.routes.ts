import * as files from '../controllers/files.controller';
import { route } from '../http/route';
import { file, fileParams, listFilesQuery } from '../schemas/files.schemas';

const tag = 'Files';

export const filesRoutes = [
  route({
    method: 'get',
    path: '/files',
    id: 'listFiles',
    tag,
    summary: 'My files, newest first',
    access: 'user',
    query: listFilesQuery,
    status: 200,
    response: file,
    list: true,
    errors: [],
    handler: files.list,
  }),
  route({
    method: 'post',
    path: '/files',
    id: 'createFile',
    tag,
    summary: 'Upload a file',
    description:
      'A JPEG, PNG or WebP image, a PDF or plain text (UTF-8), of at most 10 MB; what it is, its bytes say. Images are made anew in several widths, without metadata, and are public.',
    access: 'user',
    rateLimit: 'uploads',
    idempotent: 'stored',
    upload: { description: 'An image, a PDF or plain text' },
    status: 201,
    location: '/files/:id',
    response: file,
    errors: [],
    handler: files.create,
  }),
  route({
    method: 'get',
    path: '/files/:id',
    id: 'getFile',
    tag,
    summary: 'Show a file',
    description: 'For its owner and admins; with a fresh link where it is a document.',
    access: 'user',
    params: fileParams,
    status: 200,
    response: file,
    errors: ['NOT_FOUND'],
    handler: files.get,
  }),
  route({
    method: 'delete',
    path: '/files/:id',
    id: 'deleteFile',
    tag,
    summary: 'Delete a file',
    description: 'For its owner and admins. An event whose cover it was, or an organizer whose logo, has none then.',
    access: 'user',
    params: fileParams,
    status: 204,
    errors: ['NOT_FOUND'],
    handler: files.remove,
  }),
];
