import { gitPush, manual } from '../../../deployments/trigger.ts'
import { models, runtimes } from '../catalogue.fixture.ts'
import { withMistake } from '../mistakes.fixture.ts'
import type { DeployingCommand } from '../script/deploying.fixture.ts'
import { finish } from '../stage.fixture.ts'
import type { Stage } from '../stage.fixture.ts'
import { chosen } from './turn.fixture.ts'
import type { Turn } from './turn.fixture.ts'

type Deploy = Extract<DeployingCommand, { type: 'deploy' }>

/** Plays what is done about deployments. */
export async function playDeploying(turn: Turn, command: DeployingCommand): Promise<void> {
  const { set, prod } = turn
  if (command.type === 'finish') return finish(set, prod)
  if (command.type === 'deploy') return deploy(turn, command)
  const [newest] = await prod.deployments()
  if (newest === undefined) return
  const { type, who } = command
  const digest = newest.planDigest ?? 'none'
  const handle = prod.deployment(newest.id)
  const told = { type, deployment: newest.id, digest } as const
  if (type === 'approve') {
    const sections = newest.missingApprovals.flatMap(({ section }) => (section === 'all' ? [] : [section]))
    const named = command.named && sections.length > 0 ? { sections } : {}
    await turn.ask(told, who, (by) => handle.approve({ digest, ...named }, by))
  } else if (type === 'review') {
    const [emergency] = await prod.deployments({ unreviewed: true })
    if (emergency === undefined) return
    const reviewed = { type, deployment: emergency.id }
    await turn.ask(reviewed, who, (by) => prod.deployment(emergency.id).review({ comment: 'seen' }, by))
  } else if (type === 'cancel') await turn.ask(told, who, (by) => handle.cancel({ reason: 'not now' }, by))
  else await turn.ask(told, who, (by) => handle.reject({ digest, reason: 'not like this' }, by))
}

async function deploy(turn: Turn, command: Deploy): Promise<void> {
  const { who, requests, create, urgent, mistake } = command
  const { commit, model: declared } = commitOf(turn.set, command)
  const model = mistake === null ? declared : withMistake(declared, mistake)
  const isNameless = mistake === 'nameless'
  const trigger = isNameless ? manual({ commit, user: ' ' }) : gitPush({ commit, ref: 'main', pusher: who })
  const runtime = command.runtime === null ? undefined : chosen(runtimes, command.runtime)
  const told = { type: 'deploy', commit, model, runtime, isEmergency: urgent, isNameless } as const
  await turn.ask(told, who, (by) =>
    turn.prod.deploy(
      {
        trigger,
        model,
        requests,
        ...(create ? { create: 'all' as const } : {}),
        ...(urgent ? { emergency: { reason: 'it burns' } } : {}),
        ...(runtime === undefined ? {} : { runtime }),
      },
      by,
    ),
  )
}

/** A new commit, or an older one as it was. */
function commitOf({ commits }: Stage, { back, model, mistake }: Deploy): Stage['commits'][number] {
  const older = back === null ? undefined : chosen(commits, back)
  if (older !== undefined) return older
  const next = { commit: `c${commits.length + 1}`, model: chosen(models, model) ?? { services: [], needs: [] } }
  // A commit with a mistake is none that anybody would go back to.
  if (mistake === null) commits.push(next)
  return mistake === null ? next : { ...next, commit: `${next.commit}-mistaken` }
}
