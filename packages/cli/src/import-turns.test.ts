import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openLedger, user } from '@infraledger/core'
import type { Clock } from '@infraledger/core'
import { hmacFingerprinter, LedgerError } from '@infraledger/core/adapter'
import { readTerraformState } from '@infraledger/import-terraform'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { commandLine, resource, state } from './command-line.fixture.ts'
import type { CommandLine } from './command-line.fixture.ts'

/** Resources that fit into one append only in part. */
function large(serial: number, lineage?: string): string {
  const policies = Array.from({ length: 6 }, (_, index) =>
    resource('aws_policy', `p${index}`, { id: `p${index}`, body: `${serial}`.repeat(200_000) }),
  )
  return state(serial, policies, lineage)
}

const graphOf = (text: string, name: string) =>
  readTerraformState(text, { name, fingerprint: hmacFingerprinter({ keyId: 'k', key: Buffer.from('any key') }) })

/** Begins an import as another process would, and leaves it when it has appended once. */
async function interruptedImport(cli: CommandLine): Promise<void> {
  const store = sqliteEventStore({ file: join(cli.folder, 'infra.db') })
  let appends = 0
  const breaking = {
    ...store,
    append: (...given: Parameters<typeof store.append>) => {
      appends += 1
      if (appends < 2) return store.append(...given)
      throw new LedgerError('store-full', 'the disk is full', { store: 'infra.db', appended: 'no' })
    },
  }
  const prod = openLedger({ store: breaking }).environment('prod')
  const importing = prod.import(graphOf(large(3), 'three.tfstate'), { actor: user('ada') })
  await expect(importing).rejects.toMatchObject({ code: 'store-full' })
  await store.close()
}

/** A clock that only sleeping moves; `then` is told how often somebody slept. */
function sleepingClock(
  then: (times: number) => Promise<void> = () => Promise.resolve(),
): Clock & { readonly sleeps: () => number } {
  let [now, sleeps] = [Date.parse('2026-03-01T10:00:00Z'), 0]
  return {
    now: () => new Date(now),
    async sleep(milliseconds) {
      now += milliseconds
      sleeps += 1
      await then(sleeps)
    },
    sleeps: () => sleeps,
  }
}

async function ledgerWithOpenImport(clock: Clock): Promise<CommandLine> {
  const cli = await commandLine(clock)
  await cli.write('two.tfstate', state(2, []))
  await cli.write('three.tfstate', large(3))
  await cli.write('four.tfstate', large(4))
  await cli.write('other.tfstate', state(1, [resource('aws_policy', 'x', { id: 'x' })], 'another lineage'))
  expect((await cli.run(['import', 'terraform', 'two.tfstate', '--env', 'prod', '--as', 'ada'])).code).toBe(0)
  await interruptedImport(cli)
  return cli
}

it('CLI 19: an import waits while another process goes on with its own', async () => {
  const clock = sleepingClock(async (times) => {
    if (times !== 3) return
    const ledger = openLedger({ store: sqliteEventStore({ file: join(cli.folder, 'infra.db') }) })
    await ledger.environment('prod').import(graphOf(large(3), 'three.tfstate'), { actor: user('ada') })
    await ledger.close()
  })
  const cli = await ledgerWithOpenImport(clock)
  const { code, stderr } = await cli.run(['import', 'terraform', 'other.tfstate', '--as', 'ada'], { columns: 200 })
  expect({ code, sleeps: clock.sleeps() }).toEqual({ code: 0, sleeps: 3 })
  expect(stderr).toMatch(/Waiting for the import of three\.tfstate: \d+ changes so far/)
  expect(await cli.json(['graph'])).toMatchObject({ version: 2, nodes: { length: 7 } })
})

it('CLI 19: where nobody goes on for ten seconds, it says so and ends', async () => {
  const clock = sleepingClock()
  const cli = await ledgerWithOpenImport(clock)
  const began = clock.now().getTime()
  const { code, stderr } = await cli.run(['import', 'terraform', 'other.tfstate', '--as', 'ada'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^Waiting for the import of three\.tfstate, which another process is at/)
  expect(stderr).toContain('other.tfstate: the import of three.tfstate is not finished')
  expect(clock.now().getTime() - began).toBeLessThan(12_000)
  expect((await cli.run(['import', 'terraform', 'three.tfstate', '--as', 'ada'])).code).toBe(0)
})

it('CLI 19: an interrupted import is taken over by a later state of its lineage, for its own may be out of reach', async () => {
  const cli = await ledgerWithOpenImport(sleepingClock())
  const { code, stderr } = await cli.run(['import', 'terraform', 'four.tfstate', '--as', 'ada'])
  expect(code).toBe(0)
  expect(stderr).toContain(
    'The import of three.tfstate was interrupted; four.tfstate, of the same lineage, takes it over.',
  )
  expect(await cli.json(['graph'])).toMatchObject({ version: 1, nodes: { length: 6 } })
  expect(await cli.json(['why', 'aws_policy/p0'])).toMatchObject({ import: { source: { serial: 4 } } })
  expect((await cli.run(['timeline'])).stdout).toContain(
    'import completed with four.tfstate (terraform-state, serial 4) instead',
  )
  expect((await cli.run(['import', 'terraform', 'three.tfstate', '--as', 'ada'])).stderr).toContain(
    'serial 4 was imported already',
  )
  expect(await cli.json(['verify'])).toMatchObject({ intact: true })
})
