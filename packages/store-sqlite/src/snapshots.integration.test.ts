import { DatabaseSync } from 'node:sqlite'
import { openLedger, user } from '@infraledger/core'
import type { LedgerWarning } from '@infraledger/core'
import { expect, test } from 'vitest'
import { sqliteEventStore } from './sqlite-event-store.ts'
import { temporaryFile } from './temporary-file.fixture.ts'

const ada = { actor: user('ada') }

const thing = (value: number) => ({
  source: { type: 'test', name: 's', digest: `d${value}`, lineage: 'l', serial: value },
  nodes: [{ address: 'a', kind: 'thing', key: 'n', properties: { value } }],
  edges: [],
})

/** Opens the file anew, asks it, and closes it again. */
async function asked(file: string) {
  const warnings: LedgerWarning[] = []
  const onWarning = (warning: LedgerWarning) => void warnings.push(warning)
  const ledger = openLedger({
    store: sqliteEventStore({ file, synchronous: 'normal' }),
    snapshots: { everyEvents: 5 },
    onWarning,
  })
  const graph = (await ledger.environment('prod').graph()).toJSON()
  await ledger.close()
  return { graph, warnings }
}

function edit(file: string, sql: string): void {
  const database = new DatabaseSync(file)
  expect(database.prepare(sql).run().changes).toBe(1)
  database.close()
}

test.each([
  ['damaged', `update snapshots set state = replace(state, 'thing/n', 'thing/m')`],
  ['damaged', 'update snapshots set state = substr(state, 1, length(state) - 1)'],
  ['damaged', `update snapshots set state = ''`],
  ['other-version', 'update snapshots set fold_version = fold_version + 1'],
  ['other-version', `update snapshots set state = replace(state, '"schemaVersion":', '"schemaVersion":9')`],
  ['revision-missing', 'update snapshots set revision = revision + 1000'],
  ['history-differs', `update snapshots set hash = '${'0'.repeat(64)}'`],
])('LEDGER 11: a snapshot in the file that is %s is ignored and replaced: %s', async (problem, sql) => {
  const file = temporaryFile()
  const ledger = openLedger({ store: sqliteEventStore({ file, synchronous: 'normal' }), snapshots: { everyEvents: 5 } })
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'development' }, ada)
  for (let value = 1; value <= 8; value++) await prod.import(thing(value), ada)
  const before = (await prod.graph()).toJSON()
  await ledger.close()

  edit(file, sql)
  expect(await asked(file)).toMatchObject({ graph: before, warnings: [{ details: { environment: 'prod', problem } }] })
  expect(await asked(file)).toEqual({ graph: before, warnings: [] })
})
