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
    summary: 'List your files, newest first',
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
      'Accepts a JPEG, PNG or WebP image, a PDF or plain text (UTF-8) of at most 10 MB. The type is detected from the content. Images are re-encoded in several widths without metadata, and are public.',
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
    summary: 'Get a file',
    description: 'Available to the owner and to admins. For a document, the response contains a fresh link.',
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
    description:
      'Available to the owner and to admins. An event or organizer that used the file as cover or logo then has none.',
    access: 'user',
    params: fileParams,
    status: 204,
    errors: ['NOT_FOUND', 'FILE_IN_USE'],
    handler: files.remove,
  }),
];
