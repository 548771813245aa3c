import { createHash } from 'node:crypto'
import type { LedgerEvent } from '../../../environment/catalogue.ts'
import type { NodeId } from '../../../graph/ids.ts'
import type { Facts } from './facts.fixture.ts'
import type { Hold, MakeRules } from './judge.fixture.ts'
import type { Commanded } from './moment.fixture.ts'
import { isStateful, plansIn } from './plans.fixture.ts'

const FORM = /^(destroy|delete) prod at graph version \d+$/

/** What goes on while an environment is being destroyed is looking, deciding about the destruction, and finding somebody who approves. */
const NOT_MEANWHILE: ReadonlySet<string> = new Set([
  'ChangeRequested',
  'NodeManaged',
  'NeedBound',
  'ImportStarted',
  'EnvironmentPoliciesChanged',
  'PolicyChangeProposed',
  'ExternalDeploymentProposed',
  'DeletionConfirmed',
])

/** PROTECT 1, 5, 9, 10, 11: how an environment ends. */
export const endingRules: MakeRules = (facts, hold) => ({
  each({ type, data }, { stream }) {
    if (stream === 'activity') return
    if (facts.ending === 'destroying') {
      const isOther =
        NOT_MEANWHILE.has(type) || (type === 'DeploymentTriggered' && 'destroys' in data && data.destroys !== true)
      hold('PROTECT 9', !isOther, () => `${type} was recorded while everything is being destroyed`)
    }
    if (facts.ending === 'destroyed')
      hold('PROTECT 9', type === 'EnvironmentDeleted', () => `${type} was recorded after everything was destroyed`)
    if (facts.ending === 'deleted')
      hold('PROTECT 10', false, () => `${type} was recorded after the environment was deleted`)
  },
  events: {
    DestructionConfirmed(event) {
      checkConfirmed(facts, hold, 'destroy', event)
      const kept = protectedIn(facts)
      hold('PROTECT 5', kept.length === 0, () => `everything is destroyed although ${kept.join(', ')} are protected`)
    },
    EnvironmentDeleted: (event) => checkConfirmed(facts, hold, 'delete', event),
    EnvironmentDestroyed() {
      const left = [...facts.nodes].flatMap(([id, { alive, ownership }]) =>
        alive && ownership === 'managed' ? [id] : [],
      )
      hold('PROTECT 9', left.length === 0, () => `everything counts as destroyed, and ${left.join(', ')} are left`)
    },
    StepStarted({ data: { node, operation, changes } }) {
      if (facts.type === 'preview' && operation === 'create' && node.startsWith('sql-instance/'))
        hold(
          'PROTECT 11',
          typeof changes['deletionProtection'] === 'boolean',
          () => `${node} of a preview says nothing of its protection`,
        )
    },
  },
  appended(append) {
    for (const { deployment, plan } of plansIn(facts, append)) {
      if (deployment.triggered.destroys !== true) continue
      const kept = protectedIn(facts)
      hold('PROTECT 5', kept.length === 0, () => `the destruction is planned although ${kept.join(', ')} are protected`)
      const made = plan.steps.filter(({ operation }) => operation === 'create' || operation === 'update')
      hold('PROTECT 9', made.length === 0, () => `the destruction makes ${made.map(({ id }) => id).join(', ')}`)
    }
  },
  called({ key }) {
    hold('PROTECT 10', facts.ending !== 'deleted', () => `${key} was called after the environment was deleted`)
  },
  commanded: (command) => checkAnswer(facts, hold, command),
  answered({ environments }) {
    hold(
      'PROTECT 10',
      environments.includes('prod') === (facts.ending !== 'deleted'),
      () => `the environments are ${environments.join()}`,
    )
  },
})

/** PROTECT 1, 11: a person who is Admin typed the phrase of now, and only its hash is kept. */
function checkConfirmed(
  facts: Facts,
  hold: Hold,
  action: 'destroy' | 'delete',
  { data, metadata: { actor } }: LedgerEvent<'DestructionConfirmed' | 'EnvironmentDeleted'>,
): void {
  const { graphVersion, phraseHash } = data
  if (phraseHash === undefined && action === 'destroy')
    return hold(
      'PROTECT 11',
      facts.type === 'preview',
      () => `a ${facts.type} environment was destroyed without a challenge`,
    )
  const phrase = `${action} prod at graph version ${facts.graphVersion}`
  const hash = createHash('sha256').update(phrase).digest('hex')
  hold(
    'PROTECT 1',
    graphVersion === facts.graphVersion && phraseHash === hash,
    () => `what was typed is not "${phrase}"`,
  )
  const isAdmin = actor.type === 'user' && facts.roles.get(actor.id)?.has('admin') === true
  hold('PROTECT 1', isAdmin, () => `${actor.id} may ${action} prod`)
}

/** What of ours is protected, holds data that nobody gave up, or is needed by what stays. */
function protectedIn(facts: Facts): readonly NodeId[] {
  const staying = new Set<NodeId>()
  for (const [id, { alive, ownership, incarnation, properties, ref }] of facts.nodes) {
    if (!alive) continue
    const isProtected = properties['deletionProtection'] === true && ref !== undefined && !facts.missing.has(id)
    const isGivenUp = facts.confirmations.get(id)?.incarnation === incarnation
    const needsWord = isStateful(facts, id) && facts.type !== 'preview'
    if (ownership === 'observed' || isProtected || (needsWord && !isGivenUp)) staying.add(id)
  }
  // A set may grow while it is iterated: what is added is visited too.
  for (const id of staying)
    for (const { alive, from, to } of facts.edges.values()) if (alive && from === id) staying.add(to)
  return [...staying].filter((id) => facts.nodes.get(id)?.ownership === 'managed')
}

/** PROTECT 1, 5, 9, 10: what is answered to whoever wants an end, or anything after it. */
function checkAnswer(facts: Facts, hold: Hold, { told, outcome }: Commanded): void {
  if (told.type === 'create-environment' && facts.ending === 'deleted')
    hold('PROTECT 10', outcome.status === 'refused', () => `the name ${told.name} was given again`)
  if (outcome.status === 'refused') {
    const { code } = outcome
    if (code === 'environment-being-destroyed')
      hold('PROTECT 9', facts.ending !== 'deleted', () => `${told.type} was refused for a destruction that is over`)
    if (code === 'environment-destroyed')
      hold('PROTECT 9', facts.ending === 'destroyed', () => `${told.type} was refused, and nothing is destroyed`)
    if (code === 'environment-deleted')
      hold('PROTECT 10', facts.ending === 'deleted', () => `${told.type} was refused, and nothing is deleted`)
  }
  if (told.type !== 'destroy' && told.type !== 'delete') return
  const isOfForm = told.challenge !== undefined && FORM.test(told.challenge) && told.challenge.startsWith(told.type)
  const isWaived = facts.type === 'preview' && told.type === 'destroy' && told.challenge === undefined
  if (!isOfForm && !isWaived)
    hold('PROTECT 1', outcome.status !== 'done', () => `"${told.challenge}" was enough to ${told.type} prod`)
  if (outcome.status !== 'refused') return
  if (outcome.code === 'challenge-stale' || outcome.code === 'challenge-mismatch')
    hold(
      'PROTECT 1',
      isOfForm === (outcome.code === 'challenge-stale'),
      () => `"${told.challenge}" is told to be ${outcome.code}`,
    )
  if (outcome.code === 'environment-protected') {
    const missing = protectedIn(facts).filter((node) => !JSON.stringify(outcome.details).includes(`"${node}"`))
    hold('PROTECT 5', missing.length === 0, () => `the list of what is protected leaves out ${missing.join(', ')}`)
  }
}
