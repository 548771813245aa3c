import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gitPush, openLedger, user } from '@infraledger/core'
import type { ApplicationModelInput, Ledger } from '@infraledger/core'
import { collect, fakeCloud, virtualClock } from '@infraledger/testkit'
import type { FakeCloud } from '@infraledger/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { serveCloud } from './cloud-over-ipc.fixture.ts'
import { sqliteEventStore } from './sqlite-event-store.ts'
import { temporaryFile } from './temporary-file.fixture.ts'

const LEASE_MS = 1_500
const ada = { actor: user('ada') }
const push = (commit: string) => gitPush({ commit, ref: 'main', pusher: 'ada' })
const topics = (count: number): ApplicationModelInput => ({
  services: [],
  needs: Array.from({ length: count }, (_, index) => `topic/t${index}` as const),
})
const nothing = async (): Promise<void> => undefined

type Stage = { readonly file: string; readonly ledger: Ledger; readonly cloud: FakeCloud }

function stage(): Stage {
  const file = temporaryFile()
  // Its own time passes whenever nobody calls: what takes minutes there takes none here.
  const cloud = fakeCloud({ clock: virtualClock({ start: new Date(), autoAdvance: true }) })
  const ledger = openLedger({ store: sqliteEventStore({ file, pollIntervalMs: 10 }), clouds: [cloud.provider] })
  onTestFinished(() => ledger.close())
  return { file, ledger, cloud }
}

/** An executor in a process of its own. */
function begin(
  { file, cloud }: Stage,
  hooks: Partial<Parameters<typeof serveCloud>[2]> = {},
  suspended = 'never',
): { child: ChildProcess; ready: Promise<void>; suspended: Promise<void>; stop: () => Promise<number | null> } {
  const script = fileURLToPath(new URL('executor-process.fixture.ts', import.meta.url))
  const child = fork(script, [file, String(LEASE_MS), suspended], {
    execArgv: ['--conditions=@infraledger/source', '--disable-warning=ExperimentalWarning'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ready = Promise.withResolvers<void>()
  const standing = Promise.withResolvers<void>()
  child.on('message', (message) => {
    if (message === 'ready') ready.resolve()
    if (message === 'suspended') standing.resolve()
  })
  serveCloud(child, cloud.provider, { meet: hooks.meet ?? nothing, leave: hooks.leave ?? nothing })
  return {
    child,
    ready: ready.promise,
    suspended: standing.promise,
    async stop() {
      const ended = once(child, 'exit') as Promise<[number | null]>
      child.send('stop')
      const [code] = await ended
      return code
    },
  }
}

async function holders({ file }: Stage): Promise<{ executor: string; taken: boolean }[]> {
  const store = sqliteEventStore({ file, readOnly: true })
  const claims = await collect(store.readAll({ types: ['ExecutionClaimed'] }))
  await store.close()
  return claims.map(({ data }) => {
    const { executor, after } = JSON.parse(data) as { executor: string; after?: number }
    return { executor, taken: after !== undefined }
  })
}

const executors = async (set: Stage): Promise<ReadonlySet<string>> =>
  new Set((await holders(set)).map(({ executor }) => executor))

const effects = (cloud: FakeCloud): string[] =>
  cloud.calls({ effect: true }).map(({ operation, name }) => `${operation} ${name}`)

test('DEPLOY 9: two processes share the deployments of many environments, and nothing is done twice', async () => {
  const set = stage()
  const slow = { meet: () => sleep(5), leave: () => sleep(5) }
  const names = ['one', 'two', 'three', 'four', 'five', 'six']
  const environments = await Promise.all(
    names.map((name) => set.ledger.createEnvironment({ name, type: 'development', clouds: [set.cloud.target] }, ada)),
  )
  const processes = [begin(set, slow), begin(set, slow)]
  await Promise.all(processes.map(({ ready }) => ready))
  await Promise.all(
    environments.map(async (environment) => {
      for (const [index, count] of [2, 4, 6].entries()) {
        const deployment = await environment.deploy({ trigger: push(`c${index}`), model: topics(count) })
        expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })
      }
    }),
  )
  // A process that starts slowly on a busy machine finds everything done: it gets more to do until it has had its share.
  for (let more = 0; (await executors(set)).size < 2 && more < 50; more++) {
    await Promise.all(
      environments.map(async (environment) =>
        (await environment.deploy({ trigger: push(`more${more}`), model: topics(6) })).completed(),
      ),
    )
  }
  for (const { stop } of processes) expect(await stop()).toBe(0)
  const expected = names.flatMap((name) => Array.from({ length: 6 }, (_, index) => `create ${name}-t${index}`))
  expect(effects(set.cloud).toSorted()).toEqual(expected.toSorted())
  expect((await executors(set)).size).toBe(2)
  expect(await set.ledger.verify()).toMatchObject({ intact: true })
}, 120_000)

test.each(['before its call', 'after its call'] as const)(
  'DEPLOY 7, DEPLOY 9: a process that is suspended %s is taken over from after its lease, and does no harm when it goes on',
  async (moment) => {
    const set = stage()
    const prod = await set.ledger.createEnvironment(
      { name: 'prod', type: 'development', clouds: [set.cloud.target] },
      ada,
    )
    const first = begin(set, {}, moment)
    const deployment = await prod.deploy({ trigger: push('c1'), model: topics(5) })
    await first.suspended
    const second = begin(set)
    expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })

    first.child.kill('SIGCONT')
    // Both are well, and go on with what comes next.
    await (await prod.deploy({ trigger: push('c2'), model: topics(6) })).completed()
    for (const { stop } of [first, second]) expect(await stop()).toBe(0)
    expect(effects(set.cloud).toSorted()).toEqual(Array.from({ length: 6 }, (_, index) => `create prod-t${index}`))
    expect((await holders(set)).some(({ taken }) => taken)).toBe(true)
    expect((await prod.graph()).nodes()).toHaveLength(6)
    expect(await set.ledger.verify()).toMatchObject({ intact: true })
  },
  120_000,
)
