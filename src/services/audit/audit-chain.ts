import { createHash } from 'node:crypto';
import { database, runInTransaction, type Db } from '../../database';
import {
  countUnchained,
  findLastLink,
  findUnchainedAuditEntry,
  insertLinks,
  listLinksAfter,
  listUnchained,
  lockChain,
  type Link,
} from '../../models/audit/chain';

const CHAIN_CHUNK_SIZE = 1000;
const GENESIS_HASH = Buffer.alloc(32);

function hashEntry(before: Buffer, content: string): Buffer {
  return createHash('sha256').update(before).update(content).digest();
}

async function chainChunk(): Promise<number> {
  return runInTransaction(async (trx) => {
    if (!(await lockChain(trx))) return 0;
    const entries = await listUnchained(trx, CHAIN_CHUNK_SIZE);
    if (entries.length === 0) return 0;
    let { position, hash }: Link = (await findLastLink(trx)) ?? { position: 0, hash: GENESIS_HASH };
    const links = entries.map(({ entryId, content }) => {
      position += 1;
      hash = hashEntry(hash, content);
      return { position, entryId, hash };
    });
    await insertLinks(trx, links);
    return entries.length;
  });
}

/** Chains the entries that are not yet; in one process at a time, so that writers never wait for one another. */
export async function chainAuditEntries(): Promise<void> {
  while ((await chainChunk()) === CHAIN_CHUNK_SIZE);
}

export interface ChainState {
  /** Links in order, up to the first that is not. */
  checked: number;
  unchained: number;
  /** The last link's hash; kept elsewhere it also shows that nothing was cut off the end. */
  head: string | undefined;
  broken: { entryId: number | null; why: string } | undefined;
}

/** Goes through the whole chain. `known` is a link noted earlier: it must still be there. */
export async function verifyAuditChain(known?: string, db: Db = database): Promise<ChainState> {
  let before: Buffer = GENESIS_HASH;
  let checked = 0;
  let isKnown = known === undefined;
  const state = async (broken: ChainState['broken']): Promise<ChainState> => ({
    checked,
    unchained: await countUnchained(db),
    head: checked === 0 ? undefined : before.toString('hex'),
    broken,
  });
  for (;;) {
    const rows = await listLinksAfter(db, checked, CHAIN_CHUNK_SIZE);
    for (const { position, entryId, hash, content } of rows) {
      if (position !== checked + 1) return state({ entryId, why: 'the link before it is gone' });
      if (content === null) return state({ entryId, why: 'it is gone' });
      if (!hashEntry(before, content).equals(hash)) return state({ entryId, why: 'it or its link was changed' });
      before = hash;
      checked = position;
      isKnown ||= hash.toString('hex') === known;
    }
    if (rows.length < CHAIN_CHUNK_SIZE) break;
  }
  const stray = await findUnchainedAuditEntry(db);
  if (stray !== undefined) return state({ entryId: stray, why: 'its link is gone' });
  return state(isKnown ? undefined : { entryId: null, why: 'the link noted earlier is gone' });
}
