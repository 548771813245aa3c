import { kindOf } from '../../../graph/ids.ts'
import { hardPatches, needs, patchesOf } from '../catalogue.fixture.ts'
import type { ChangingCommand, RequestWhen } from '../script/changing.fixture.ts'
import { kinds } from '../stage.fixture.ts'
import { importedState } from './imports.fixture.ts'
import { chosen, nodeOf } from './turn.fixture.ts'
import type { Turn } from './turn.fixture.ts'

/** Plays what persons ask to be changed, and what they say of the graph. */
export async function playChanging(turn: Turn, command: ChangingCommand): Promise<void> {
  const { prod, set } = turn
  switch (command.type) {
    case 'request':
      return request(turn, command)
    case 'request-hard':
      return requestHard(turn, command)
    case 'withdraw':
    case 'reject': {
      const pending = chosen(await prod.requests({ status: 'pending' }), command.request)
      if (pending === undefined) return
      const input = { request: pending.request, reason: 'changed my mind' }
      const told = { type: command.type, request: pending.request }
      await turn.ask(told, command.who, (by) =>
        command.type === 'withdraw' ? prod.withdraw(input, by) : prod.reject(input, by),
      )
      return
    }
    case 'contradict':
      return contradict(turn, command)
    case 'bind': {
      const need = chosen(needs, command.need) ?? 'bucket/receipts'
      const satisfying = kinds.orUnknown(kindOf(need)).satisfiedBy
      const isMeant = (kind: string): boolean => command.resource % 8 === 0 || satisfying.includes(kind)
      const resource = await nodeOf(prod, command.resource, isMeant)
      if (resource === undefined) return
      const binding = { need, resource, reason: 'it is this one' }
      await turn.ask({ type: 'bind', need, resource }, 'ada', (by) => prod.bind(binding, by))
      return
    }
    case 'manage': {
      const node = await nodeOf(prod, command.node, (kind) => !command.unknown || kinds.find(kind) === undefined)
      if (node === undefined) return
      await turn.ask({ type: 'manage', node }, 'ada', (by) => prod.manage({ node, reason: 'ours now' }, by))
      return
    }
    case 'import': {
      const serial = (set.serials.get(command.lineage % 2) ?? 1) + command.serial
      const graph = importedState(set.cloud, { ...command, serial, now: set.clock.now() })
      await turn.ask({ type: 'import', graph }, 'grace', (by) => prod.import(graph, by))
      set.serials.set(command.lineage % 2, serial)
    }
  }
}

async function request(
  { prod, set, ask }: Turn,
  command: Extract<ChangingCommand, { type: 'request' }>,
): Promise<void> {
  const node = await nodeOf(prod, command.node, (kind) => !['sql-database', 'topic'].includes(kind))
  if (node === undefined) return
  const patch = chosen(patchesOf(kindOf(node)), command.patch) ?? {}
  const acknowledged = command.patch % 8 !== 0
  const when = whenOf(command.when, set.clock.now())
  const told = { type: 'request', node, set: patch, acknowledged, when } as const
  const wish = { node, set: patch, reason: 'wanted', acknowledgeDowntime: acknowledged }
  await ask(told, command.who, (by) => prod.requestChange({ ...wish, ...(when === undefined ? {} : { when }) }, by))
}

/** A request of which the window is to be waited for, unless its requester says otherwise. */
async function requestHard(
  { prod, set, ask }: Turn,
  { patch: pick, who, when: time, acknowledged }: Extract<ChangingCommand, { type: 'request-hard' }>,
): Promise<void> {
  const node = await nodeOf(prod, pick, (kind) => kind === 'sql-instance')
  const patch = chosen(hardPatches, pick)
  if (node === undefined || patch === undefined) return
  const when = whenOf(time, set.clock.now())
  const told = { type: 'request', node, set: patch, acknowledged, when } as const
  const wish = { node, set: patch, reason: 'wanted', acknowledgeDowntime: acknowledged }
  await ask(told, who, (by) => prod.requestChange({ ...wish, ...(when === undefined ? {} : { when }) }, by))
}

/** A request for later, and another value, or that very one, in the console meanwhile. */
async function contradict(
  { prod, set, ask }: Turn,
  { node: pick, isMet }: Extract<ChangingCommand, { type: 'contradict' }>,
): Promise<void> {
  const managed = (await prod.graph())
    .nodes()
    .filter(
      ({ ref, kind, ownership }) =>
        ref?.provider === set.cloud.target.provider &&
        ownership === 'managed' &&
        kinds.find(kind)?.properties.has('labels') === true,
    )
  const node = chosen(
    managed.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    pick,
  )
  if (node?.ref === undefined) return
  const wanted = { 'labels["team"]': 'core' }
  const when = whenOf('later', set.clock.now())
  const told = { type: 'request', node: node.id, set: wanted, acknowledged: false, when } as const
  const wish = { node: node.id, set: wanted, reason: 'later', ...(when === undefined ? {} : { when }) }
  await ask(told, 'ada', (by) => prod.requestChange(wish, by))
  set.witness.see({ type: 'look' })
  if (set.cloud.inspect.resource(node.ref)?.settled === true)
    set.cloud.console('linus').modify(node.ref, isMet ? wanted : { 'labels["team"]': 'web' })
}

function whenOf(when: RequestWhen, now: Date) {
  if (when === 'default') return undefined
  if (when === 'later')
    return { type: 'not-before', at: new Date(now.getTime() + 36 * 3_600_000).toISOString() } as const
  return { type: when } as const
}
