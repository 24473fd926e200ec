import path from 'node:path';

/** Where migrations and seeds are. */
export const DATABASE_FOLDER = path.join(__dirname, '..', '..', 'database');
