import { generateKeyPairSync, randomInt } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { ed25519Signer, isLedgerError } from '@infraledger/core'
import type { Checkpoint, IntegrityReport } from '@infraledger/core'
import { randomNumbers } from '@infraledger/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { densely, rehashed, sealed, tamperable, writeAll } from './tampering.fixture.ts'
import type { Row, Tamperable } from './tampering.fixture.ts'

/** `INFRALEDGER_RUNS=4000` looks longer; `INFRALEDGER_SEED=<seed>` plays a failure again. */
const { INFRALEDGER_RUNS: RUNS, INFRALEDGER_SEED } = process.env
const SEED = Number(INFRALEDGER_SEED ?? randomInt(2 ** 31))
const TOLD = `INFRALEDGER_SEED=${SEED}`

/** Tries something with other choices each time. */
async function repeatedly(runs: number, attempt: (choose: Choose) => Promise<void>): Promise<void> {
  const random = randomNumbers(SEED)
  const choose: Choose = (items) => {
    const item = items[Math.floor(random() * items.length)]
    if (item === undefined) throw new Error('nothing to choose from')
    return item
  }
  for (let run = 0; run < Number(RUNS ?? runs); run++) await attempt(choose)
}

type Choose = <Item>(items: readonly Item[]) => Item

const EITHER = [true, false]

const COLUMNS = [
  'position',
  'stream',
  'revision',
  'id',
  'type',
  'schema_version',
  'data',
  'metadata',
  'recorded_at',
  'previous_hash',
  'hash',
] as const
const INTEGER_BITS = 64

const folder = mkdtempSync(join(tmpdir(), 'infraledger-tampering-'))
let set: Tamperable
let checkpoint: Checkpoint
const { privateKey } = generateKeyPairSync('ed25519')
const signer = ed25519Signer({ privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() })

beforeAll(async () => {
  set = await tamperable(join(folder, 'infra.db'))
  checkpoint = await set.ledger.checkpoint({ signers: [signer] })
})
afterAll(async () => {
  await set.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What a verification finds after an attack; the rows are put back. `refused` where the file did not let it happen. */
async function afterAttack(
  change: (database: DatabaseSync) => void,
  against?: Checkpoint,
): Promise<'refused' | 'found' | 'intact'> {
  if (!set.attack(change)) return 'refused'
  try {
    return outcome(
      await set.ledger.verify(against === undefined ? {} : { checkpoint: against, keys: [signer.publicKey] }),
    )
  } catch (error) {
    // A number that nobody wrote: the store says so before the chain is asked.
    if (isLedgerError(error, 'store-damaged')) return 'found'
    throw error
  } finally {
    set.repair()
  }
}

function outcome({ intact, problem, checkpoint: compared }: IntegrityReport): 'found' | 'intact' {
  if (intact) return 'intact'
  return problem === undefined && compared?.problemCount === 0 ? 'intact' : 'found'
}

/** Turns one bit of a column over, in the bytes that lie in the file. */
function flip(row: Row, column: (typeof COLUMNS)[number], bit: number): (database: DatabaseSync) => void {
  const value = row[column]
  return (database) => {
    const at = row.position
    if (typeof value === 'bigint') {
      const flipped = BigInt.asIntN(INTEGER_BITS, value ^ (1n << BigInt(bit)))
      database.prepare(`update events set ${column} = ? where position = ?`).run(flipped, at)
      return
    }
    const bytes = Buffer.from(value)
    bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    database.prepare(`update events set ${column} = cast(? as text) where position = ?`).run(bytes, at)
  }
}

function bitsOf(value: Row[keyof Row]): number {
  return typeof value === 'bigint' ? INTEGER_BITS : Buffer.byteLength(value) * 8
}

describe('a file that somebody wrote into past the library', () => {
  it('is intact before anything is done to it', async () => {
    expect(await set.ledger.verify({ checkpoint, keys: [signer.publicKey] })).toMatchObject({
      intact: true,
      events: set.rows.length,
    })
    expect(set.rows.length).toBeGreaterThan(14)
  })

  it('AUDIT 11: each single bit of every number is found by the chain alone, if the file takes it', async () => {
    for (const row of [set.rows.at(0), set.rows.at(7), set.rows.at(-1)]) {
      if (row === undefined) throw new Error('no row')
      for (const column of ['position', 'revision', 'schema_version'] as const)
        for (let bit = 0; bit < INTEGER_BITS; bit++)
          expect([column, row.position, bit, await afterAttack(flip(row, column, bit))]).not.toContain('intact')
    }
  })

  it('AUDIT 11: any single bit of any column of any row is found by the chain alone', async () => {
    await repeatedly(300, async (choose) => {
      const [row, column] = [choose(set.rows), choose(COLUMNS)]
      const bit = choose(Array.from({ length: bitsOf(row[column]) }, (_, index) => index))
      expect(await afterAttack(flip(row, column, bit)), `${column} of ${row.position}, bit ${bit}; ${TOLD}`).not.toBe(
        'intact',
      )
    })
  })

  it('AUDIT 11: an event that is removed from the middle of a stream is found by the chain alone, also when all numbers were closed up', async () => {
    await repeatedly(60, async (choose) => {
      const [renumber, close] = [choose(EITHER), choose(EITHER)]
      const inside = set.rows.filter(({ stream, revision }) =>
        set.rows.some((later) => later.stream === stream && later.revision > revision),
      )
      const removed = choose(inside)
      const left = set.rows
        .filter((row) => row !== removed)
        .map((row) =>
          close && row.stream === removed.stream && row.revision > removed.revision
            ? { ...row, revision: row.revision - 1n }
            : row,
        )
      expect(await afterAttack((database) => writeAll(database, renumber ? densely(left) : left)), TOLD).toBe('found')
    })
  })

  it('AUDIT 11: an event that is inserted into a stream is found by the chain alone, with a hash that fits it, too', async () => {
    await repeatedly(60, async (choose) => {
      const fits = choose(EITHER)
      const source = choose(set.rows)
      const inside = set.rows.filter(({ stream, revision }) => stream === source.stream && revision > 0n)
      const before = choose(inside)
      const forged = { ...source, id: 'forged', revision: before.revision, previous_hash: before.previous_hash }
      const rows = set.rows.flatMap((row) => {
        const moved =
          row.stream === source.stream && row.revision >= before.revision
            ? { ...row, revision: row.revision + 1n }
            : row
        return row === before ? [fits ? sealed(forged) : forged, moved] : [moved]
      })
      expect(await afterAttack((database) => writeAll(database, densely(rows))), TOLD).toBe('found')
    })
  })

  it('AUDIT 11: two events of one stream that changed places are found by the chain alone, however they are numbered', async () => {
    await repeatedly(60, async (choose) => {
      const keepRevisions = choose(EITHER)
      const one = choose(set.rows)
      const others = set.rows.filter((row) => row.stream === one.stream && row !== one)
      const other = choose(others)
      const rows = set.rows.map((row) => {
        const taken = row === one ? other : row === other ? one : row
        return { ...taken, position: row.position, revision: keepRevisions ? taken.revision : row.revision }
      })
      expect(await afterAttack((database) => writeAll(database, rows)), TOLD).toBe('found')
    })
  })

  it('AUDIT 14: a tail that was cut off is found by the newest checkpoint, and by no chain', async () => {
    for (let kept = 0; kept < set.rows.length; kept++) {
      const cut = (database: DatabaseSync): void =>
        void database.prepare('delete from events where position > ?').run(kept)
      expect(await afterAttack(cut)).toBe('intact')
      expect(await afterAttack(cut, checkpoint)).toBe('found')
    }
  })

  it('AUDIT 14: any history that was written anew, with every hash computed again, is found by the newest checkpoint', async () => {
    await repeatedly(60, async (choose) => {
      const how = choose(['edited', 'removed', 'inserted'])
      const target = choose(set.rows)
      const rows = rehashed(
        set.rows.flatMap((row) => {
          if (row !== target) return [row]
          if (how === 'removed') return []
          return how === 'inserted'
            ? [{ ...row, id: 'forged' }, row]
            : [{ ...row, data: row.data.replace('{', '{"forged":true,') }]
        }),
      )
      const rewrite = (database: DatabaseSync): void => writeAll(database, densely(rows))
      expect(await afterAttack(rewrite), TOLD).toBe('intact')
      expect(await afterAttack(rewrite, checkpoint), TOLD).toBe('found')
    })
  })

  it('AUDIT 14: positions that were swapped between streams are found by the newest checkpoint', async () => {
    let whole = 0
    for (const [index, row] of set.rows.entries()) {
      const next = set.rows[index + 1]
      if (next === undefined || next.stream === row.stream) continue
      const swap = (database: DatabaseSync): void => {
        const move = database.prepare('update events set position = ? where position = ?')
        move.run(0, row.position)
        move.run(row.position, next.position)
        move.run(next.position, 0)
      }
      expect(await afterAttack(swap)).toBe('intact')
      expect(await afterAttack(swap, checkpoint)).toBe('found')
      whole++
    }
    expect(whole).toBeGreaterThan(5)
    await repeatedly(60, async (choose) => {
      const left = [...set.rows]
      const rows = densely(
        set.rows.map(() => {
          const row = choose(left)
          left.splice(left.indexOf(row), 1)
          return row
        }),
      )
      if (rows.every(({ id }, index) => id === set.rows[index]?.id)) return
      expect(await afterAttack((database) => writeAll(database, rows), checkpoint), TOLD).toBe('found')
    })
  })
})
