import { isLedgerError } from '../../../ledger-error.ts'
import type { EndingCommand, Typed } from '../script/ending.fixture.ts'
import { kinds } from '../stage.fixture.ts'
import { nodeOf } from './turn.fixture.ts'
import type { Turn } from './turn.fixture.ts'

type Confirm = Extract<EndingCommand, { type: 'confirm' }>

/** Plays what may be removed, and how the environment ends. */
export async function playEnding(turn: Turn, command: EndingCommand): Promise<void> {
  const { prod, ledger, ask, set } = turn
  if (command.type === 'confirm') return confirm(turn, command)
  if (command.type === 'create-again') {
    const input = { name: 'prod', type: 'development' as const, clouds: [set.cloud.target] }
    const told = { type: 'create-environment', name: 'prod' } as const
    await ask(told, 'ada', (by) => ledger.createEnvironment(input, by))
    return
  }
  const { type, typed, who } = command
  const { graphVersion } = await prod.describe()
  const challenge = phraseOf(type, typed, graphVersion)
  const reason = 'the shop has closed'
  await ask({ type, challenge }, who, async (by) => {
    if (type === 'delete') return prod.delete({ challenge: challenge ?? '', reason }, by)
    await prod.destroy({ ...(challenge === undefined ? {} : { challenge }), reason }, by)
  })
}

function phraseOf(action: 'destroy' | 'delete', typed: Typed, version: number): string | undefined {
  const other = action === 'destroy' ? 'delete' : 'destroy'
  switch (typed) {
    case 'right':
      return `${action} prod at graph version ${version}`
    case 'stale':
      return `${action} prod at graph version ${version + 7}`
    case 'other':
      return `${other} prod at graph version ${version}`
    case 'slip':
      return `${action} prod at graph version ${version} `
    case 'none':
      return undefined
  }
}

/** One deletion is confirmed, or whatever can be. */
async function confirm(
  { prod, ask }: Turn,
  { node: pick, loss, backups, forDestruction, who }: Confirm,
): Promise<void> {
  const words = { reason: 'not needed', acknowledgeLoss: loss, automatedBackupsToo: backups, forDestruction }
  const say = (node: `${string}/${string}`): Promise<void> =>
    ask({ type: 'confirm', node, loss, forDestruction }, who, (by) => prod.confirmDeletion({ node, ...words }, by))
  if (pick !== null) {
    const node = await nodeOf(prod, pick, isStateful)
    if (node !== undefined) await say(node)
    return
  }
  for (const { id, kind } of (await prod.graph()).nodes()) {
    if (!isStateful(kind)) continue
    await say(id).catch((error: unknown) => {
      if (!isLedgerError(error, 'confirmation-refused')) throw error
    })
  }
}

function isStateful(kind: string): boolean {
  return kinds.orUnknown(kind).statefulness === 'stateful'
}
