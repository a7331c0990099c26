import { type Connection, type PoolClient, Query, type Submittable } from 'pg';

/** A statement as pg takes it; named where it is prepared. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly name?: string;
}

export interface StatementResult {
  readonly command: string;
  readonly rowCount: number;
  readonly rows: Record<string, never>[];
}

const binding = { name: 'bind tenant', text: 'select sluice_bind($1)' };
const prepared = new WeakSet<PoolClient>();

/**
 * Runs one statement bound to the tenant, in one round trip: sluice_bind and the statement go to
 * PostgreSQL together, before one Sync, which makes them one transaction (protocol, "Pipelining").
 * What was bound ends with it, so the session keeps nothing for whoever has it next.
 */
export async function runBound(
  client: PoolClient,
  tenantId: string,
  statement: Statement,
): Promise<StatementResult> {
  if (!prepared.has(client)) {
    await client.query({ ...binding, values: [tenantId] });
    prepared.add(client);
  }
  return new Promise((resolve, reject) => {
    client.query(
      boundQuery(tenantId, statement, (error, result) => (error ? reject(error) : resolve(result))),
    );
  });
}

/** What pg's Query has beyond its published types; pg-cursor and pg-query-stream build on the same. */
interface OpenQuery extends Submittable {
  submit: (connection: Connection) => Error | null;
  handleCommandComplete(message: unknown, connection: Connection): void;
}

function boundQuery(
  tenantId: string,
  { text, values, name }: Statement,
  done: (error: Error | undefined, result: StatementResult) => void,
): OpenQuery {
  // 'extended': the simple protocol would run it by itself. Values are converted as in any query.
  const config = { text, values: [...values], queryMode: 'extended', ...(name ? { name } : {}) };
  const query = new Query(config, done as never) as unknown as OpenQuery;
  const submit = query.submit.bind(query);
  const handleCommandComplete = query.handleCommandComplete.bind(query);
  let bound = false;
  return Object.assign(query, {
    submit(connection: Connection) {
      connection.stream.cork();
      try {
        connection.bind({ statement: binding.name, values: [tenantId] }, true);
        connection.execute(null, true);
        const fault = submit(connection);
        // The binding is under way without its Sync: nobody can use this connection any more.
        if (fault) connection.stream.destroy();
        return fault;
      } finally {
        connection.stream.uncork();
      }
    },
    /** Of two: the first is the binding's, which has no rows. */
    handleCommandComplete(message: unknown, connection: Connection) {
      if (bound) handleCommandComplete(message, connection);
      bound = true;
    },
  });
}
