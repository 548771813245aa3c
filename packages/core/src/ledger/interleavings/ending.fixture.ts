import { expect } from 'vitest'
import { gitPush } from '../../deployments/trigger.ts'
import { compareValues } from '../../drift/compare.ts'
import { isUnbelieved } from '../../drift/extra-grants.ts'
import { loadState, saveState } from '../../environment/snapshot.ts'
import type { EnvironmentState } from '../../environment/state.ts'
import type { EventStore } from '../../event-store/event-store.ts'
import { propertyOf } from '../../graph/kind-catalogue.ts'
import { environmentAccess } from '../environment-access.ts'
import type { Environment } from '../environment.ts'
import type { By } from '../options.ts'
import { ledgerServices } from '../services.ts'
import { models } from './catalogue.fixture.ts'
import { checkDiffs, tell, textOf } from './checks.fixture.ts'
import type { Checker } from './checks.fixture.ts'
import { isExtraGrant } from './rules/plans.fixture.ts'
import { approveByAll, finish, identityOf, isDeath, kinds, openOn, people, processOf } from './stage.fixture.ts'
import type { Stage } from './stage.fixture.ts'

const WEEK_MS = 7 * 24 * 3_600_000

/** What has to be so once everything has come to rest: no fault, no deployment under way, no wish that waits, no window to come. */
export async function checkEnding(set: Stage, checker: Checker): Promise<void> {
  const { prod, check } = checker
  await comeToRest(set, checker)
  await check()
  const { status } = await prod.describe()
  if (status === 'active') await checkAtRest(set, checker)
  await checkReopened(set, prod)
  await checkStates(set)
  await checkPast(set, checker)
  await checkLineage(prod)
  if (status === 'active') await checkIdle(set, checker)
  await check()
}

/** Of an environment that lives: the next scan finds what there is, and the one after it nothing. */
async function checkAtRest(set: Stage, { prod, check }: Checker): Promise<void> {
  const { unseen } = await set.clock.runUntil(prod.reconcile())
  const unread = unseen.filter(({ reason }) => !reason.includes('has no property'))
  expect(unread, 'DRIFT 10: everything that its kind describes can be seen').toEqual([])
  const before = await prod.graph()
  const world = await prod.graph({ effectiveAt: set.clock.now() })
  expect(new Map(world.nodes().map(({ id, properties }) => [id, properties]))).toEqual(
    new Map(before.nodes().map(({ id, properties }) => [id, properties])),
  )
  const written = set.witness.tape.moments.length
  await set.clock.runUntil(prod.reconcile())
  const events = set.witness.tape.moments
    .slice(written)
    .flatMap((moment) => (moment.type === 'append' ? moment.events.map(({ type }) => type) : []))
  const versionAfter = (await prod.graph()).version
  set.witness.see({ type: 'second-scan', versionBefore: before.version, versionAfter, events })
  await check()
  await checkAgainstCloud(set, prod)
}

/** DEPLOY 8, DRIFT 18: once a model runs, deploying it again changes nothing. */
async function checkIdle(set: Stage, checker: Checker): Promise<void> {
  const { prod } = checker
  const model = models[set.commits.length % models.length] ?? { services: [], needs: [] }
  const by = await anAdmin(set, checker)
  const trigger = gitPush({ commit: 'last', ref: 'main', pusher: by.actor.id })
  await set.clock.runUntil(prod.deploy({ trigger, model, create: 'all' }, by))
  await decideAll(set, checker)
  const [last] = await prod.deployments()
  if (last?.status !== 'succeeded') return
  await set.clock.runUntil(prod.reconcile())
  const plan = await prod.plan({ model, create: 'all', requests: 'none' })
  // What was just made is brought up to date by the next deployment.
  const isKept = ({ origins }: (typeof plan.steps)[number]): boolean =>
    origins.length > 0 && origins.every(({ type }) => type === 'platform-upgrade')
  const left = plan.steps.filter(
    (step) => step.operation !== 'remove' && step.operation !== 'take-last-copy' && !isKept(step),
  )
  expect(
    left.map(({ id, changes, edges, retiredEdges }) => ({ id, changes, edges, retiredEdges })),
    'DRIFT 18: the same model again changes nothing',
  ).toEqual([])
}

async function comeToRest(set: Stage, checker: Checker): Promise<void> {
  const { prod } = checker
  set.cloud.faults.clear()
  set.platform.faults.clear()
  set.flaky.repair()
  for (const index of set.processes.keys()) processOf(set, index)
  await set.clock.advance(0)
  await decideAll(set, checker)
  const [last] = await prod.deployments()
  if (last !== undefined && (await prod.describe()).status !== 'deleted')
    expect(last.endedAt, `${last.id} is ${last.status} for ever`).toBeDefined()
  if ((await prod.describe()).status === 'active') {
    const ada = await anAdmin(set, checker)
    for (const { request } of await prod.requests({ status: 'pending' }))
      await set.clock.runUntil(prod.withdraw({ request, reason: 'the end' }, ada))
  }
  // What is stopped starts after a week, and what waits for a window then has one within another.
  await set.clock.advance(2 * WEEK_MS + 3_600_000)
  for (const { failure } of set.processes) if (failure !== undefined && !isDeath(failure)) throw failure
}

/** Whoever may decide everything now. */
async function anAdmin(set: Stage, { prod, ledger }: Checker): Promise<By> {
  const { roles } = await prod.describe()
  const who = people.find((subject) => roles[subject]?.includes('admin') === true)
  return identityOf(set, ledger, who ?? 'ada')
}

/** Sees the newest deployment to its end: approved twice by everybody, and turned down if that was not enough. */
async function decideAll(set: Stage, checker: Checker): Promise<void> {
  const { prod, ledger } = checker
  for (let turn = 0; turn < 3; turn++) {
    await set.clock.advance(0)
    await set.clock.runUntil(finish(set, prod))
    const [newest] = await prod.deployments()
    if (newest?.status !== 'waiting-for-approval') return
    if (turn < 2) await approveByAll(set, ledger)
    else {
      const decision = { digest: newest.planDigest ?? '', reason: 'enough' }
      await set.clock.runUntil(prod.deployment(newest.id).reject(decision, await anAdmin(set, checker)))
    }
  }
}

/** DRIFT 3, 9, 14: what is recorded is what is there, or the report says what stands between. */
async function checkAgainstCloud({ witness }: Stage, prod: Environment): Promise<void> {
  const { resources } = witness.judge.facts.world
  const drift = await prod.drift()
  const graph = await prod.graph()
  const missing = new Set(drift.missing.map(({ node }) => node))
  const standing = new Map(
    drift.open.map(({ node, property, decision, observed }) => [`${node}|${property}`, { decision, observed }]),
  )
  const known = new Set<string>()
  for (const node of graph.nodes()) {
    const { ref } = node
    if (ref === undefined) continue
    const truth = resources.find(({ ref: there, kind }) =>
      ref.id === undefined ? kind === ref.type && there.name === ref.name : there.id === ref.id,
    )
    expect(missing.has(node.id), `DRIFT 9: whether ${node.id} is missing`).toBe(truth === undefined)
    if (truth === undefined) continue
    known.add(truth.ref.id ?? truth.ref.name)
    const properties: Record<string, unknown> = { ...node.properties }
    for (const property of new Set([...Object.keys(properties), ...Object.keys(truth.properties)])) {
      const definition = propertyOf(kinds.orUnknown(node.kind), property)
      if (truth.volatile.includes(property) || definition === undefined) continue
      // Whose a grant made by hand is follows from what it was made on, and not from what it says.
      if (isUnbelieved(node.id, property) || (isExtraGrant(node.id) && !(property in truth.properties))) continue
      const open = standing.get(`${node.id}|${property}`)
      const recorded = open === undefined ? node.properties[property as never] : open.observed
      const observed = truth.properties[property]
      if (open !== undefined) expect(['enforced', 'ignored'], `${node.id} ${property}`).toContain(open.decision)
      expect(
        compareValues(definition, recorded, observed),
        `DRIFT 3: ${property} of ${node.id}: ${JSON.stringify(recorded)} is known and ${JSON.stringify(observed)} is there`,
      ).not.toBe('different')
    }
  }
  const strangers = resources.filter(({ ref }) => !known.has(ref.id ?? ref.name))
  expect(new Set(drift.unmanaged.map(({ ref }) => ref.id)), 'DRIFT 14: what no node knows is reported').toEqual(
    new Set(strangers.map(({ ref }) => ref.id)),
  )
}

/** LEDGER 1, 3: whoever was there all the time, and whoever opens the ledger now, are told the same. */
async function checkReopened(set: Stage, prod: Environment): Promise<void> {
  const answers = async (environment: Environment): Promise<unknown> => ({
    graph: textOf(await environment.graph()),
    requests: await environment.requests(),
    deployments: await environment.deployments(),
    external: await environment.externalDeployments(),
    drift: await environment.drift(),
    alerts: await environment.alerts(),
    described: await environment.describe(),
  })
  const expected = await answers(prod)
  expect(await answers(openOn(set).environment('prod'))).toEqual(expected)
  for (const { ledger } of set.processes) expect(await answers(ledger.environment('prod'))).toEqual(expected)
  expect(await openOn(set).verify()).toMatchObject({ intact: true })
}

/** LEDGER 3: the state that began with a snapshot is the state of a whole replay. */
async function checkStates({ store }: Stage): Promise<void> {
  const stateOf = async (from: EventStore): Promise<EnvironmentState> => {
    const { stream } = environmentAccess('prod', ledgerServices({ store: from }))
    await stream.catchUp()
    return loadState(saveState(stream.state) ?? '')
  }
  const replayed = await stateOf({ ...store, loadSnapshot: () => Promise.resolve(undefined) })
  expect(await stateOf(store)).toEqual(replayed)
}

/** GRAPH 1: every graph version that was current once is told as it was then, and so are the differences. */
async function checkPast(set: Stage, { prod, ledger, versions }: Checker): Promise<void> {
  for (const version of versions) {
    await checkDiffs(prod, version)
    await tell(set, ledger, version)
  }
}

/** GRAPH 3: everything that is there has a story. */
async function checkLineage(prod: Environment): Promise<void> {
  for (const { id, properties } of (await prod.graph()).nodes()) {
    expect((await prod.why(id)).text()).not.toBe('')
    expect((await prod.history(id)).length).toBeGreaterThan(0)
    for (const property of Object.keys(properties).slice(0, 6)) await prod.why(id, property)
  }
  let told = 0
  for await (const { text } of prod.timeline()) told += Math.min(1, text.length)
  expect(told).toBeGreaterThan(0)
}
