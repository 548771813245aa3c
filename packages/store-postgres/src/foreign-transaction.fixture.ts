import type { ForeignTransaction } from '@infraledger/testkit'
import { Client } from 'pg'
import { appending } from './appending.ts'
import { quoted } from './schema-name.ts'

/** Begins a transaction beside the store that has its transaction id already, and may append as the store does. */
export async function openForeignTransaction(connectionString: string, schema: string): Promise<ForeignTransaction> {
  const client = new Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  await client.query('begin')
  await client.query('select pg_current_xact_id()')
  const append = appending(quoted(schema))
  let ended = false
  const end = async (how: 'commit' | 'rollback'): Promise<void> => {
    if (ended) return
    ended = true
    await client.query(how)
    await client.end()
  }
  return {
    async append(stream, events, expected) {
      await client.query(append.statement([{ stream, events, expected }], { careful: false, lockTimeoutMs: 5_000 }))
    },
    commit: () => end('commit'),
    rollback: () => end('rollback'),
  }
}
