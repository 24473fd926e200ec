import type pg from 'pg';

export interface DescribedColumn {
  name: string;
  typeId: number;
  /** 0 if the column does not come directly from a table. */
  tableId: number;
  position: number;
}

interface Connection {
  parse(query: { name: string; text: string; types: number[] }, more?: boolean): void;
  describe(message: { type: 'S'; name: string }, more?: boolean): void;
  sync(): void;
}

interface FieldDescription {
  name: string;
  dataTypeID: number;
  tableID: number;
  columnID: number;
}

/** Returns what PostgreSQL reports about a statement's columns, without running it. */
export function describeStatement(client: pg.Client, text: string): Promise<DescribedColumn[]> {
  return new Promise((resolve, reject) => {
    let columns: DescribedColumn[] = [];
    let failure: Error | undefined;
    // The methods that pg calls on a submitted query.
    const query = {
      submit(connection: Connection) {
        connection.parse({ name: '', text, types: [] });
        connection.describe({ type: 'S', name: '' });
        connection.sync();
      },
      handleRowDescription({ fields }: { fields: FieldDescription[] }) {
        columns = fields.map(({ name, dataTypeID, tableID, columnID }) => ({
          name,
          typeId: dataTypeID,
          tableId: tableID,
          position: columnID,
        }));
      },
      handleError(error: Error) {
        failure = error;
        reject(error);
      },
      handleReadyForQuery() {
        if (!failure) resolve(columns);
      },
    };
    client.query(query as unknown as pg.Submittable);
  });
}
