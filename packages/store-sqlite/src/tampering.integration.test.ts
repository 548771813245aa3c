import { generateKeyPairSync } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { ed25519Signer, isLedgerError } from '@infraledger/core'
import type { Checkpoint, IntegrityReport } from '@infraledger/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { densely, rehashed, tamperable, writeAll } from './tampering.fixture.ts'
import type { Row, Tamperable } from './tampering.fixture.ts'

/** `INFRALEDGER_RUNS=10000` looks longer; `INFRALEDGER_SEED=<seed>` plays a failure again. fast-check prints the seed of a failure. */
const { INFRALEDGER_RUNS: runs, INFRALEDGER_SEED: seed } = process.env
const replay = (numRuns: number) => ({
  numRuns: Number(runs ?? numRuns),
  ...(seed === undefined ? {} : { seed: Number(seed) }),
})

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

/** An index below a length, drawn as a part of it: the rows are known only once the tests run. */
const part = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const pick = <Item>(items: readonly Item[], share: number): Item => {
  const item = items[Math.floor(share * items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
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
    await fc.assert(
      fc.asyncProperty(part, fc.constantFrom(...COLUMNS), part, async (which, column, where) => {
        const row = pick(set.rows, which)
        const bit = Math.floor(where * bitsOf(row[column]))
        expect(await afterAttack(flip(row, column, bit))).not.toBe('intact')
      }),
      replay(300),
    )
  })

  it('AUDIT 11: an event that is removed from the middle of a stream is found by the chain alone, also when all numbers were closed up', async () => {
    await fc.assert(
      fc.asyncProperty(part, fc.boolean(), fc.boolean(), async (which, renumber, close) => {
        const inside = set.rows.filter(({ stream, revision }) =>
          set.rows.some((later) => later.stream === stream && later.revision > revision),
        )
        const removed = pick(inside, which)
        const left = set.rows
          .filter((row) => row !== removed)
          .map((row) =>
            close && row.stream === removed.stream && row.revision > removed.revision
              ? { ...row, revision: row.revision - 1n }
              : row,
          )
        expect(await afterAttack((database) => writeAll(database, renumber ? densely(left) : left))).toBe('found')
      }),
      replay(60),
    )
  })

  it('AUDIT 11: an event that is inserted into a stream is found by the chain alone, with a hash that fits it, too', async () => {
    await fc.assert(
      fc.asyncProperty(part, part, fc.boolean(), async (which, where, fits) => {
        const source = pick(set.rows, which)
        const inside = set.rows.filter(({ stream, revision }) => stream === source.stream && revision > 0n)
        const before = pick(inside, where)
        const forged = { ...source, id: 'forged', revision: before.revision, previous_hash: before.previous_hash }
        const rows = set.rows.flatMap((row) => {
          const moved =
            row.stream === source.stream && row.revision >= before.revision
              ? { ...row, revision: row.revision + 1n }
              : row
          return row === before ? [fits ? sealed(forged) : forged, moved] : [moved]
        })
        expect(await afterAttack((database) => writeAll(database, densely(rows)))).toBe('found')
      }),
      replay(60),
    )
  })

  it('AUDIT 11: two events of one stream that changed places are found by the chain alone, however they are numbered', async () => {
    await fc.assert(
      fc.asyncProperty(part, part, fc.boolean(), async (which, with_, keepRevisions) => {
        const one = pick(set.rows, which)
        const others = set.rows.filter((row) => row.stream === one.stream && row !== one)
        const other = pick(others, with_)
        const rows = set.rows.map((row) => {
          const taken = row === one ? other : row === other ? one : row
          return { ...taken, position: row.position, revision: keepRevisions ? taken.revision : row.revision }
        })
        expect(await afterAttack((database) => writeAll(database, rows))).toBe('found')
      }),
      replay(60),
    )
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
    await fc.assert(
      fc.asyncProperty(part, fc.constantFrom('edited', 'removed', 'inserted'), async (which, how) => {
        const target = pick(set.rows, which)
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
        expect(await afterAttack(rewrite)).toBe('intact')
        expect(await afterAttack(rewrite, checkpoint)).toBe('found')
      }),
      replay(60),
    )
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
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: set.rows.length, maxLength: set.rows.length }), async (keys) => {
        const order = set.rows.map((row, index) => ({ row, key: keys[index] ?? 0 })).toSorted((a, b) => a.key - b.key)
        const rows = densely(order.map(({ row }) => row))
        fc.pre(rows.some(({ id }, index) => id !== set.rows[index]?.id))
        expect(await afterAttack((database) => writeAll(database, rows), checkpoint)).toBe('found')
      }),
      replay(60),
    )
  })
})

/** The row with the hash of its content. */
function sealed(row: Row): Row {
  const [only] = rehashed([{ ...row }])
  if (only === undefined) throw new Error('no row')
  return { ...row, hash: only.hash }
}
