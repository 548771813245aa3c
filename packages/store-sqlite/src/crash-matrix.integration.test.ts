import { spawn } from 'node:child_process'
import { cpSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openFolder, outcome, prepare } from './crash-stage.fixture.ts'
import { temporaryFile } from './temporary-file.fixture.ts'

/** Kills at once, each in a process of its own and gone on with in another. */
const CHILDREN = 2

/** Creations, a change, copies and removals; the change of the tier is put off. */
const WHAT_IT_DOES = [
  'create bucket prod-more',
  'create topic prod-a',
  'update sql-instance prod-main',
  'update service prod-checkout',
  'snapshot sql-instance prod-old',
  'remove sql-instance prod-old',
  'remove network prod-old',
]

type Ended = { readonly signal: NodeJS.Signals | null; readonly said: string }

/** Runs the deployment of a folder in a process of its own, which kills itself at the nth of a moment. */
async function child(folder: string, ...moment: string[]): Promise<Ended> {
  const script = fileURLToPath(new URL('deploy-until-killed.fixture.ts', import.meta.url))
  const node = ['--conditions=@infraledger/source', '--disable-warning=ExperimentalWarning', script, folder, ...moment]
  const env = { ...process.env, NODE_COMPILE_CACHE: join(dirname(folder), 'compiled') }
  const started = spawn(process.execPath, node, { stdio: ['ignore', 'pipe', 'inherit'], env })
  let said = ''
  started.stdout.on('data', (data: Buffer) => (said += data.toString()))
  const { promise, resolve } = Promise.withResolvers<Ended>()
  started.once('close', (_code, signal) => resolve({ signal, said }))
  return promise
}

/** What is there in the end: a new process goes on with what the dead one left. */
async function goOn(folder: string): Promise<unknown> {
  expect((await child(folder)).signal).toBe(null)
  const opened = await openFolder(folder)
  const ledger = opened.open(opened.store, opened.cloud.provider)
  const ended = await outcome(opened)
  expect(await ledger.verify()).toMatchObject({ intact: true })
  await ledger.close()
  return ended
}

test('DEPLOY 7, DEPLOY 9, DEPLOY 10: a process that is killed before or after any append, call or answer is gone on from by another one, and the end is the same', async () => {
  const root = dirname(temporaryFile())
  const prepared = join(root, 'prepared')
  mkdirSync(prepared)
  await prepare(prepared)
  let folders = 0
  const copy = (): string => {
    const folder = join(root, `run-${(folders += 1)}`)
    cpSync(prepared, folder, { recursive: true })
    return folder
  }

  const whole = copy()
  const { signal, said } = await child(whole)
  expect(signal).toBe(null)
  const counts = JSON.parse(said) as Record<string, number>
  const undisturbed = await openFolder(whole)
  const expected = await outcome(undisturbed)
  await undisturbed.store.close()
  expect(expected).toMatchObject({ status: ['succeeded', 'succeeded', 'succeeded'], requests: ['applied'] })
  expect(expected.calls).toEqual(expect.arrayContaining(WHAT_IT_DOES))
  expect(expected.resources.find(({ thing }) => thing === 'sql-instance prod-main')?.deferred).toEqual({
    tier: 'large',
  })

  const moments = Object.entries(counts).flatMap(([moment, count]) =>
    Array.from({ length: count }, (_, index) => [moment, String(index + 1)] as const),
  )
  const left = moments.values()
  const work = async (): Promise<void> => {
    for (const [moment, number] of left) {
      const folder = copy()
      const death = await child(folder, moment, number)
      expect({ moment, number, signal: death.signal }).toEqual({ moment, number, signal: 'SIGKILL' })
      expect({ moment, number, end: await goOn(folder) }).toEqual({ moment, number, end: expected })
    }
  }
  await Promise.all(Array.from({ length: CHILDREN }, work))
  const sizes = Object.entries(counts).map(([moment, count]) => `${count} ${moment}`)
  process.stdout.write(`crash matrix: ${moments.length} kills (${sizes.join(', ')})\n`)
}, 900_000)
