import { database } from '../../../src/database';
import { statements } from '../../../src/models/statement';
import { DEFAULT_SETTINGS } from '../../../src/services/inventory/commit-commands';
import { execute } from '../../helpers/servers/postgres';
import { anOpenEvent, bookCommand, inOneBatch, registerUsers } from '../../helpers/bookings';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  'Recheck Cond'?: string;
  Plans?: PlanNode[];
}

const flatten = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flatten)];

/** Returns the plan that a batch keeps for reading its state. */
async function explainRead(settings: string): Promise<PlanNode[]> {
  const { sql } = statements.get('inventory-read')!;
  const types = new Map([...sql.matchAll(/(?<!:):(\w+)::(\w+(?:\[\])?)/g)].map(([, name, type]) => [name!, type!]));
  const names = [...types.keys()];
  const text = sql.replaceAll(/(?<!:):(\w+)/g, (_all, name: string) => `$${names.indexOf(name) + 1}`);
  const values = names.map((name) => (types.get(name)!.endsWith('[]') ? `'{}'` : '1'));
  return database.transaction(async (trx) => {
    await trx.raw(settings);
    await trx.raw(`PREPARE read (${[...types.values()].join(', ')}) AS ${text.replaceAll('?', '\\?')}`);
    const { rows } = await trx.raw<{ rows: { 'QUERY PLAN': [{ Plan: PlanNode }] }[] }>(
      `EXPLAIN (FORMAT JSON) EXECUTE read (${values.join(', ')})`,
    );
    await trx.raw('DEALLOCATE read');
    return flatten(rows[0]!['QUERY PLAN'][0].Plan);
  });
}

const listWholeReads = (nodes: PlanNode[]): PlanNode[] =>
  nodes.filter((node) => node['Relation Name'] !== undefined && !node['Index Cond'] && !node['Recheck Cond']);

describe('the plan of a batch, made while few bookings exist', () => {
  beforeAll(async () => {
    const event = await anOpenEvent();
    const users = await registerUsers(36);
    await inOneBatch(...users.map((user) => bookCommand(user, event.id)));
    await execute(process.env.DATABASE_OWNER_URL!, 'ANALYZE bookings');
  });

  it('looks up every row by an index', async () => {
    expect(listWholeReads(await explainRead(DEFAULT_SETTINGS))).toEqual([]);
  });

  it('would read the whole table without the settings of the batch', async () => {
    const settings = 'SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off';
    expect(listWholeReads(await explainRead(settings))).not.toEqual([]);
  });
});
