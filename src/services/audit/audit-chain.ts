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

function hashEntry(previousHash: Buffer, content: string): Buffer {
  return createHash('sha256').update(previousHash).update(content).digest();
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

/** Chains new entries. Runs in one process at a time, so that writers never wait for each other. */
export async function chainAuditEntries(): Promise<void> {
  while ((await chainChunk()) === CHAIN_CHUNK_SIZE);
}

export interface ChainState {
  /** The number of valid links, up to the first broken one. */
  checked: number;
  unchained: number;
  /** The hash of the last link. Stored elsewhere, it proves later that nothing was cut off the end. */
  head: string | undefined;
  broken: { entryId: number | null; why: string } | undefined;
}

/** Verifies the whole chain. `known` is the hash of an earlier link, which must still be part of it. */
export async function verifyAuditChain(known?: string, db: Db = database): Promise<ChainState> {
  let previousHash: Buffer = GENESIS_HASH;
  let checked = 0;
  let isKnown = known === undefined;
  const state = async (broken: ChainState['broken']): Promise<ChainState> => ({
    checked,
    unchained: await countUnchained(db),
    head: checked === 0 ? undefined : previousHash.toString('hex'),
    broken,
  });
  for (;;) {
    const rows = await listLinksAfter(db, checked, CHAIN_CHUNK_SIZE);
    for (const { position, entryId, hash, content } of rows) {
      if (position !== checked + 1) return state({ entryId, why: 'the previous link is missing' });
      if (content === null) return state({ entryId, why: 'the entry is missing' });
      if (!hashEntry(previousHash, content).equals(hash))
        return state({ entryId, why: 'the entry or its link was changed' });
      previousHash = hash;
      checked = position;
      isKnown ||= hash.toString('hex') === known;
    }
    if (rows.length < CHAIN_CHUNK_SIZE) break;
  }
  const stray = await findUnchainedAuditEntry(db);
  if (stray !== undefined) return state({ entryId: stray, why: 'its link is missing' });
  return state(isKnown ? undefined : { entryId: null, why: 'the known link is missing' });
}
