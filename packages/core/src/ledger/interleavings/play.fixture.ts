import { isSimulatedCrash } from '@infraledger/testkit'
import { user } from '../../access/actor.ts'
import { gitPush } from '../../deployments/trigger.ts'
import type { NodeId } from '../../graph/ids.ts'
import { kindOf } from '../../graph/ids.ts'
import { takeSnapshot } from '../../environment/snapshot.ts'
import { isLedgerError } from '../../ledger-error.ts'
import { environmentAccess } from '../environment-access.ts'
import type { Environment } from '../environment.ts'
import { playOnCloud } from './cloud.fixture.ts'
import { approvalPolicies, driftPolicies, models, needs, patchesOf } from './catalogue.fixture.ts'
import { importedState } from './imports.fixture.ts'
import type { RequestWhen, ScriptCommand } from './script.fixture.ts'
import { admins, finish, kinds, processOf } from './stage.fixture.ts'
import type { Stage } from './stage.fixture.ts'
import { ada, grace } from '../ledger.fixture.ts'
import { ledgerServices } from '../services.ts'

/** What became of a command: the code of its refusal, where it was refused. */
export type Played = 'done' | 'died' | `refused: ${string}`

/** Refusals that no command of a script can deserve. */
const UNDESERVED: ReadonlySet<string> = new Set([
  'lineage-missing',
  'edge-end-missing',
  'event-too-large',
  'append-too-large',
  'ledger-newer-than-library',
  'ledger-not-intact',
  'store-damaged',
  'append-conflict',
  'model-missing',
  'environment-not-found',
])

/** Plays one command. A refusal is fine; anything else that is thrown, but the death of the process, is a defect. */
export async function play(set: Stage, command: ScriptCommand): Promise<Played> {
  const process = processOf(set, command.process)
  try {
    await set.clock.runUntil(perform(set, process.ledger.environment('prod'), command))
    return 'done'
  } catch (error) {
    if (isSimulatedCrash(error)) {
      process.dead = true
      process.kill()
      return 'died'
    }
    if (!isLedgerError(error) || UNDESERVED.has(error.code)) throw error
    return `refused: ${error.code}`
  } finally {
    await set.clock.advance(0)
  }
}

/** The one of all that is meant; undefined where there is none. */
export function chosen<T>(all: readonly T[], pick: number): T | undefined {
  return all[pick % Math.max(1, all.length)]
}

async function perform(set: Stage, prod: Environment, command: ScriptCommand): Promise<void> {
  switch (command.type) {
    case 'deploy': {
      const commit = `c${++set.commits}`
      const trigger = gitPush({ commit, ref: 'main', pusher: command.who })
      const create = command.create ? { create: 'all' as const } : {}
      await prod.deploy(
        {
          trigger,
          model: chosen(models, command.model) ?? { services: [], needs: [] },
          requests: command.requests,
          ...create,
          ...(command.urgent ? { emergency: { reason: 'it burns' } } : {}),
        },
        by(command.who),
      )
      return
    }
    case 'approve':
    case 'reject-deployment':
    case 'cancel':
    case 'review':
      return decideOn(prod, command)
    case 'role': {
      const barbara = { subject: 'barbara', role: 'admin' } as const
      return command.holds ? prod.grantRole(barbara, ada) : prod.revokeRole(barbara, ada)
    }
    case 'finish':
      return finish(set, prod)
    case 'request':
      return request(set, prod, command)
    case 'withdraw':
    case 'reject': {
      const pending = chosen(await prod.requests({ status: 'pending' }), command.request)
      if (pending === undefined) return
      const input = { request: pending.request, reason: 'changed my mind' }
      await (command.type === 'withdraw' ? prod.withdraw(input, by(command.who)) : prod.reject(input, by(command.who)))
      return
    }
    case 'confirm':
      return confirm(prod, command)
    case 'bind': {
      const need = chosen(needs, command.need) ?? 'bucket/receipts'
      const satisfying = kinds.orUnknown(kindOf(need)).satisfiedBy
      const resource = await nodeOf(
        prod,
        command.resource,
        (kind) => command.resource % 8 === 0 || satisfying.includes(kind),
      )
      if (resource !== undefined) await prod.bind({ need, resource, reason: 'it is this one' }, ada)
      return
    }
    case 'manage': {
      const node = await nodeOf(prod, command.node)
      if (node !== undefined) await prod.manage({ node, reason: 'ours now' }, ada)
      return
    }
    case 'import': {
      const serial = (set.serials.get(command.lineage % 2) ?? 1) + command.serial
      await prod.import(importedState(set.cloud, { ...command, serial, now: set.clock.now() }), grace)
      set.serials.set(command.lineage % 2, serial)
      return
    }
    case 'policies': {
      const drift = [...(chosen(driftPolicies, command.drift) ?? [])]
      const approvals = chosen(approvalPolicies, command.approvals) ?? { required: 1 }
      const answer = await prod.changePolicies({ approvals, drift }, by(command.who))
      if (answer.status !== 'proposed') return
      for (const who of admins.filter((one) => one !== command.who).slice(0, command.approvals % 3))
        await prod.approvePolicyChange({ proposal: answer.proposal }, by(who))
      return
    }
    case 'reconcile': {
      const node = command.node === null ? undefined : await nodeOf(prod, command.node)
      await prod.reconcile(node === undefined ? {} : { scope: { type: 'nodes', nodes: [node] } })
      return
    }
    case 'restart': {
      const process = processOf(set, command.process)
      process.dead = true
      process.kill()
      return
    }
    case 'suspend': {
      const process = processOf(set, command.process)
      process.suspend()
      await set.clock.sleep(command.milliseconds)
      process.resume()
      return
    }
    case 'set-clock':
      set.clock.setTime(new Date(set.clock.now().getTime() + command.byMs))
      return
    case 'snapshot':
      return snapshot(set)
    default:
      return playOnCloud(set, command)
  }
}

function by(who: (ScriptCommand & { type: 'approve' })['who']): typeof ada {
  return { actor: user(who) }
}

/** A living node, of all or of some kinds, in an order that does not depend on how it came to be. */
async function nodeOf(
  prod: Environment,
  pick: number,
  isMeant: (kind: string) => boolean = () => true,
): Promise<NodeId | undefined> {
  const ids = (await prod.graph()).nodes().flatMap(({ id, kind }) => (isMeant(kind) ? [id] : []))
  return chosen(ids.toSorted(), pick)
}

async function decideOn(
  prod: Environment,
  command: Extract<ScriptCommand, { type: 'approve' | 'reject-deployment' | 'cancel' | 'review' }>,
): Promise<void> {
  const [newest] = await prod.deployments()
  if (newest === undefined) return
  const handle = prod.deployment(newest.id)
  const digest = newest.planDigest ?? 'none'
  const { type, who } = command
  if (type === 'approve') {
    const sections = newest.missingApprovals.flatMap(({ section }) => (section === 'all' ? [] : [section]))
    await handle.approve({ digest, ...(command.named && sections.length > 0 ? { sections } : {}) }, by(who))
  } else if (type === 'review') {
    const [emergency] = await prod.deployments({ unreviewed: true })
    if (emergency !== undefined) await prod.deployment(emergency.id).review({ comment: 'seen' }, by(who))
  } else if (type === 'cancel') await handle.cancel({ reason: 'not now' }, by(who))
  else await handle.reject({ digest, reason: 'not like this' }, by(who))
}

async function request(
  set: Stage,
  prod: Environment,
  command: Extract<ScriptCommand, { type: 'request' }>,
): Promise<void> {
  const node = await nodeOf(prod, command.node, (kind) => !['sql-database', 'topic'].includes(kind))
  if (node === undefined) return
  const patch = chosen(patchesOf(kindOf(node)), command.patch) ?? {}
  await prod.requestChange(
    {
      node,
      set: patch,
      reason: 'wanted',
      acknowledgeDowntime: command.patch % 8 !== 0,
      ...whenOf(command.when, set.clock.now()),
    },
    by(command.who),
  )
}

/** One deletion is confirmed, or whatever can be. */
async function confirm(
  prod: Environment,
  { node: pick, loss, backups }: Extract<ScriptCommand, { type: 'confirm' }>,
): Promise<void> {
  const words = { reason: 'not needed', acknowledgeLoss: loss, automatedBackupsToo: backups }
  if (pick !== null) {
    const node = await nodeOf(prod, pick, isStateful)
    if (node !== undefined) await prod.confirmDeletion({ node, ...words }, ada)
    return
  }
  for (const { id, kind } of (await prod.graph()).nodes()) {
    if (!isStateful(kind)) continue
    await prod.confirmDeletion({ node: id, ...words }, ada).catch((error: unknown) => {
      if (!isLedgerError(error, 'confirmation-refused')) throw error
    })
  }
}

function isStateful(kind: string): boolean {
  return kinds.orUnknown(kind).statefulness === 'stateful'
}

function whenOf(when: RequestWhen, now: Date): Partial<Parameters<Environment['requestChange']>[0]> {
  if (when === 'default') return {}
  if (when === 'later')
    return { when: { type: 'not-before', at: new Date(now.getTime() + 36 * 3_600_000).toISOString() } }
  return { when: { type: when } }
}

/** Keeps a snapshot here and now, as the library does after thousands of events: whoever starts next begins with it. */
async function snapshot({ store }: Stage): Promise<void> {
  const { stream } = environmentAccess('prod', ledgerServices({ store }))
  await stream.catchUp()
  const taken = takeSnapshot({ stream: stream.name, ...stream.head }, stream.state)
  if (taken !== undefined) await store.saveSnapshot(taken)
}
