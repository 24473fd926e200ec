import path from 'node:path';

/** The folder of migrations and seeds. */
export const DATABASE_FOLDER = path.join(__dirname, '..', '..', 'database');
