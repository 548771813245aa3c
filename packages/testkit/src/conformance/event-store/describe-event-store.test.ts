import { readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { inMemoryEventStore } from '@infraledger/core'
import { eventStoreCases } from './cases.ts'
import { describeEventStore } from './describe-event-store.ts'

/** Binds the suite to a runner that only collects, and answers with the test of each title. */
function collected(knownGaps: readonly string[], cleanup = async () => {}) {
  const tests = new Map<string, () => Promise<void>>()
  const runner = {
    describe: (_: string, define: () => void) => define(),
    it: (title: string, run: () => Promise<void>) => void tests.set(title, run),
  }
  const createHarness = async () => ({ store: inMemoryEventStore(), cleanup })
  describeEventStore('a store', createHarness, { ...runner, knownGaps })
  return tests
}

const [first] = eventStoreCases
const title = first?.title ?? ''
const id = first?.id ?? ''

it('binds every case under its title, and runs it on a harness that is cleaned up', async () => {
  const cleanup = vi.fn(async () => {})
  const tests = collected([], cleanup)
  expect([...tests.keys()]).toEqual(eventStoreCases.map((each) => each.title))
  await tests.get(title)?.()
  expect(cleanup).toHaveBeenCalledOnce()
})

it('fails when a known gap is closed, so that it is taken from the list', async () => {
  await expect(collected([id]).get(`${title} (known gap)`)?.()).rejects.toThrow(`The gap '${id}' is closed`)
})

it('refuses a known gap that is no case', () => {
  expect(() => collected(['no-such-case'])).toThrow('no-such-case')
})

it('has cases with ids of their own and titles that begin with a rule', () => {
  expect(new Set(eventStoreCases.map((each) => each.id)).size).toBe(eventStoreCases.length)
  for (const each of eventStoreCases) expect(each.title).toMatch(/^STORE \d+: /)
})

it('lists every case in its README, under the title that its test has', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
  const listed = [...readme.matchAll(/^\| `([a-z-]+)` \| (STORE \d+) \| (.+)\. \|$/gm)].map(([, id, rule, what]) => ({
    id,
    rule,
    what,
  }))
  const cases = eventStoreCases.map((each) => {
    const [rule, what = ''] = each.title.split(/: (.*)/s)
    return { id: each.id, rule, what: what.charAt(0).toUpperCase() + what.slice(1) }
  })
  expect(listed).toEqual(cases)
})
