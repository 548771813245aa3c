import { LedgerError, storeClosed } from '@infraledger/core/adapter'
import { refused } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { groupCommitter } from './group-committer.ts'
import { storeError } from './sqlite-errors.ts'

/** What `node:sqlite` throws with this result code. */
const sqliteError = (errcode: number): Error =>
  Object.assign(new Error('from SQLite'), { code: 'ERR_SQLITE_ERROR', errcode })

const explain = (error: unknown, appended: 'no' | 'unknown'): unknown => storeError(error, 'sqlite:infra.db', appended)

const BUSY = 5
const FULL = 13
const IO_ERROR_FSYNC = 1_034

/** A committer over a transaction that writes down what happens; `failing` decides which step throws. */
function committerOf(failing: (step: string, log: readonly string[]) => Error | undefined = () => undefined) {
  const log: string[] = []
  const step = (name: string) => () => {
    log.push(name)
    const error = failing(name, log)
    if (error !== undefined) throw error
  }
  const transaction = { begin: step('begin'), commit: step('commit'), rollback: step('rollback') }
  const committer = groupCommitter({ transaction, explain, busyTimeoutMs: 1_000 })
  const submit = (name: string, bytes = 1): Promise<string> => {
    const work = (alone: boolean): string => {
      step(alone ? `${name} alone` : name)()
      return name
    }
    return committer.submit(work, bytes)
  }
  return { log, submit, committer }
}

it('puts what is submitted in one turn into one transaction, and answers after its commit', async () => {
  const { log, submit, committer } = committerOf()
  const answers = ['a', 'b', 'c'].map((name) => submit(name).finally(() => log.push(`answered ${name}`)))
  expect(log).toEqual([])
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c'])
  await committer.idle()
  expect(log).toEqual(['begin', 'a', 'b', 'c', 'commit', 'answered a', 'answered b', 'answered c'])
})

it('splits what is too much for one transaction', async () => {
  const { log, submit } = committerOf()
  await Promise.all(Array.from({ length: 1_100 }, (_, index) => submit(String(index))))
  expect(log.filter((name) => name === 'commit')).toHaveLength(3)
  const large = committerOf()
  await Promise.all(['a', 'b', 'c'].map((name) => large.submit(name, 4 * 1024 * 1024)))
  expect(large.log).toEqual(['begin', 'a', 'b', 'commit', 'begin', 'c', 'commit'])
})

it('lets a refusal fail only its caller', async () => {
  const { log, submit } = committerOf((name) => (name === 'b' ? storeClosed('x') : undefined))
  const outcomes = await Promise.allSettled([submit('a'), submit('b'), submit('c')])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(log).toEqual(['begin', 'a', 'b', 'c', 'commit'])
})

it('runs each work of a spoiled group again in a transaction of its own', async () => {
  const { log, submit } = committerOf((name) => (/^b( alone)?$/.test(name) ? sqliteError(FULL) : undefined))
  const [a, b, c] = [submit('a'), submit('b'), submit('c')]
  await refused('store-full', () => b, { appended: 'no' })
  expect(await Promise.all([a, c])).toEqual(['a', 'c'])
  const again = ['begin', 'a alone', 'commit', 'begin', 'b alone', 'rollback', 'begin', 'c alone', 'commit']
  expect(log).toEqual(['begin', 'a', 'b', 'rollback', ...again])
})

it('says that the outcome is unknown when the commit itself failed, and does not try again', async () => {
  const { log, submit } = committerOf((name) => (name === 'commit' ? sqliteError(IO_ERROR_FSYNC) : undefined))
  const outcomes = await Promise.allSettled([submit('a'), submit('b')])
  for (const outcome of outcomes) {
    const reason: unknown = outcome.status === 'rejected' ? outcome.reason : undefined
    expect(reason).toMatchObject({ code: 'store-unavailable', details: { appended: 'unknown' }, retryable: true })
  }
  expect(log).toEqual(['begin', 'a', 'b', 'commit', 'rollback'])
})

it('tries again while the file is busy; what is submitted meanwhile joins', async () => {
  const { log, submit } = committerOf((name, log) =>
    name === 'begin' && log.length < 4 ? sqliteError(BUSY) : undefined,
  )
  const first = submit('a')
  await new Promise(setImmediate)
  expect(await Promise.all([first, submit('b')])).toEqual(['a', 'b'])
  expect(log).toEqual(['begin', 'begin', 'begin', 'begin', 'a', 'b', 'commit'])
})

it('fails what waits when no transaction can be begun, and works again when one can', async () => {
  const { submit } = committerOf((name, log) => (name === 'begin' && log.length === 1 ? sqliteError(10) : undefined))
  const error = await refused('store-unavailable', () => submit('a'), { appended: 'no' })
  expect(error).toBeInstanceOf(LedgerError)
  expect(await submit('b')).toBe('b')
})
