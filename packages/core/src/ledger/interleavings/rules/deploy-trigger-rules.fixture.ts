import type { RuntimeInput } from '../../../deployments/runtime.ts'
import { kindOf } from '../../../graph/ids.ts'
import type { Facts } from './facts.fixture.ts'
import type { Hold, MakeRules } from './judge.fixture.ts'
import type { Commanded } from './moment.fixture.ts'
import { plansIn } from './plans.fixture.ts'
import type { FreshPlan } from './plans.fixture.ts'

const DIGEST = /^sha256:[0-9a-f]{64}$/

/** DEPLOY 1, 2, 11, 12: what sets deployments off, one at a time, and what each says of itself. */
export const deployTriggerRules: MakeRules = (facts, hold) => ({
  events: {
    DeploymentTriggered({ data: { deployment, commit, trigger, model, destroys } }) {
      const isNameless = trigger.type === 'manual' && trigger.user.trim() === ''
      hold('DEPLOY 1', commit !== '' && !isNameless, () => `${deployment} names no commit, or nobody`)
      hold('DEPLOY 11', !facts.deployments.has(deployment), () => `${deployment} was triggered twice`)
      for (const before of facts.deployments.values())
        if (before.triggered.commit === commit && destroys !== true && before.triggered.destroys !== true)
          hold('DEPLOY 11', before.triggered.model === model, () => `${commit} is deployed again with another model`)
    },
    DeploymentSuperseded({ data: { deployment } }) {
      const isBegun = facts.deployments.get(deployment)?.plan?.begun === true
      hold(
        'DEPLOY 2',
        facts.open.has(deployment) && !isBegun,
        () => `${deployment} was superseded although it had begun, or ended`,
      )
    },
  },
  appended(append) {
    const isTriggered = append.events.some(({ type }) => type === 'DeploymentTriggered')
    if (isTriggered || facts.open.size > 1)
      hold('DEPLOY 2', facts.open.size === 1, () => `${facts.open.size} deployments are open`)
    for (const fresh of plansIn(facts, append)) checkImages(facts, hold, fresh)
  },
  commanded(command) {
    const { told, outcome } = command
    if (told.type !== 'deploy') return
    if (told.isNameless)
      hold('DEPLOY 1', outcome.status === 'refused', () => `${told.commit} was deployed by hand by nobody`)
    if (outcome.status === 'refused' && outcome.code === 'deployment-in-progress') {
      const isRunning = [...facts.open].some((id) => facts.deployments.get(id)?.plan?.begun === true)
      hold(
        'DEPLOY 2',
        isRunning || command.interfered,
        () => `${told.commit} was refused for a deployment that does not run`,
      )
    }
    if (told.runtime !== undefined) checkRuntime(facts, hold, told.runtime, command)
  },
  answered({ openDeployments }) {
    hold(
      'DEPLOY 2',
      openDeployments.join() === [...facts.open].join(),
      () => `${openDeployments.join()} are told to be open, and ${[...facts.open].join()} are`,
    )
  },
})

/** DEPLOY 11: whichever commit it is, an older one as well, what the code changed is written by its own deployment. */
function checkImages(facts: Facts, hold: Hold, { plan, declared, deployment }: FreshPlan): void {
  const ran = facts.models.get(facts.deployed ?? '')
  for (const { node, properties } of declared.values()) {
    const { image } = properties
    const known = facts.nodes.get(node)
    if (image === undefined || known?.alive !== true || known.ownership !== 'managed' || facts.missing.has(node))
      continue
    const isOther = ran?.get(node)?.properties['image'] !== image && known.properties['image'] !== image
    if (!isOther || kindOf(node) !== 'service') continue
    const isWritten = plan.steps.some((step) => step.node === node && step.changes['image'] === image)
    hold(
      'DEPLOY 11',
      isWritten,
      () => `${deployment.triggered.commit} runs ${JSON.stringify(image)} as ${node}, and its plan does not say so`,
    )
  }
}

/** DEPLOY 12: a runtime is recorded as it was said, with its digest; what cannot be one is refused. */
function checkRuntime(facts: Facts, hold: Hold, runtime: RuntimeInput, { outcome, told }: Commanded): void {
  const { baseImage, baseImageDigest, pinned } = runtime
  const [reference = '', named] = baseImage.split('@')
  const digest = baseImageDigest ?? named
  const isWrong =
    reference !== reference.toLowerCase() ||
    (digest !== undefined && !DIGEST.test(digest)) ||
    (pinned === true && digest === undefined)
  if (isWrong)
    return hold('DEPLOY 12', outcome.status === 'refused', () => `the runtime ${JSON.stringify(runtime)} was taken`)
  if (outcome.status !== 'done' || told.type !== 'deploy') return
  const recorded = [...facts.deployments.values()].findLast(({ triggered }) => triggered.commit === told.commit)
    ?.triggered.runtime
  const isSame =
    recorded?.version === runtime.version &&
    recorded.baseImage === baseImage &&
    recorded.baseImageDigest === digest &&
    recorded.pinned === (pinned ?? named !== undefined)
  hold(
    'DEPLOY 12',
    isSame,
    () => `${told.commit} was built with ${JSON.stringify(runtime)}, and ${JSON.stringify(recorded)} is recorded`,
  )
}
