import type { FakeFaults } from '@infraledger/testkit'
import { isLedgerError } from '../../../ledger-error.ts'
import { imageOf, made, patchesOf } from '../catalogue.fixture.ts'
import type { CloudCommand } from '../script/cloud.fixture.ts'
import type { Stage } from '../stage.fixture.ts'
import { chosen } from './turn.fixture.ts'

type Deed = Exclude<CloudCommand, { type: 'fault' | 'lift-faults' }>

/** Plays what happens behind the ledger's back, unless the cloud refuses. */
export function playCloud(set: Stage, command: CloudCommand): void {
  const { cloud, platform, flaky, witness } = set
  if (command.type === 'fault') return setFault(command.on === 'cloud' ? cloud.faults : platform.faults, command)
  if (command.type === 'lift-faults') {
    cloud.faults.clear()
    platform.faults.clear()
    flaky.repair()
    return
  }
  witness.see({ type: 'look' })
  refusable(() => act(set, command))
}

function act(set: Stage, command: Deed): void {
  const { cloud, clock } = set
  const people = cloud.console('linus')
  if (command.type === 'make') {
    const thing = chosen(made, command.made)
    if (thing !== undefined) people.create(thing.kind, thing.name, thing.properties)
    return
  }
  if (command.type === 'by-hand') return byHand(set, command)
  if (command.type === 'grant') return grant(set, command)
  if (command.type === 'empty' || command.type === 'expose') return everywhere(set, command.type)
  const resource = chosen(cloud.inspect.resources(), command.resource)
  if (resource === undefined) return
  const { ref, kind } = resource
  switch (command.type) {
    case 'edit':
      cloud.console(command.who).modify(ref, chosen(patchesOf(kind), command.patch) ?? {}, { when: command.when })
      return
    case 'tear-down':
      people.remove(ref, { takesMs: command.takesMs })
      return
    case 'unprotect':
      for (const instance of cloud.inspect.resources('sql-instance'))
        people.modify(instance.ref, { deletionProtection: false })
      return
    case 'stop':
      people.stop(ref)
      return
    case 'fill':
      for (const bucket of cloud.inspect.resources('bucket'))
        people.putObjects(bucket.ref, clock.now().getMinutes() % 2)
      return
    case 'provider':
      if (command.doing === 'lose') cloud.itself.lose(ref)
      else if (kind === 'sql-instance' && command.doing === 'upgrade') cloud.itself.upgradeMinor(ref)
      else if (kind === 'sql-instance' && command.doing === 'grow') cloud.itself.growStorage(ref)
  }
}

/** Somebody empties, or opens to everybody, all that can be. */
function everywhere({ cloud }: Stage, what: 'empty' | 'expose'): void {
  const people = cloud.console('linus')
  for (const { ref } of cloud.inspect.resources('bucket'))
    if (what === 'empty') people.putObjects(ref, 0)
    else people.modify(ref, { publicAccess: true })
  if (what === 'empty') return
  for (const { ref } of cloud.inspect.resources('sql-instance')) people.modify(ref, { 'network.publicAccess': true })
}

/** Somebody works on the platform past the ledger. */
function byHand({ platform }: Stage, { doing, workload, image }: Extract<Deed, { type: 'by-hand' }>): void {
  const running = chosen(platform.inspect.workloads(), workload)
  if (running === undefined) return
  const { name } = running.ref
  const tag = `checkout:${image % 3}`
  if (doing === 'push') platform.registry.push(tag)
  else if (doing === 'restart') platform.console('linus').restart(name)
  else platform.console('linus').rollOut(name, { image: image % 2 === 0 ? tag : imageOf('hotfix', image % 10) })
}

/** Somebody lets an identity of ours do something that follows from nothing. */
function grant({ cloud }: Stage, { identity, resource }: Extract<Deed, { type: 'grant' }>): void {
  const who = chosen(cloud.inspect.resources('identity'), identity)
  const what = chosen([...cloud.inspect.resources('sql-database'), ...cloud.inspect.resources('bucket')], resource)
  if (who === undefined || what === undefined) return
  const name = `by-hand-${identity % 5}-${resource % 5}`
  cloud.console('mallory').create('grant', name, { operations: ['drop'] }, { on: [who.ref, what.ref] })
}

function refusable(deed: () => void): void {
  try {
    deed()
  } catch (error) {
    if (!isLedgerError(error)) throw error
  }
}

function setFault(faults: FakeFaults, { fault, operation, nth }: Extract<CloudCommand, { type: 'fault' }>): void {
  const only = operation === 'any' ? {} : { operation }
  const match = { ...only, nth }
  switch (fault) {
    case 'refused':
      faults.refuse(match, { times: 1 })
      return
    case 'retryable':
      faults.retryable(only, nth)
      return
    case 'answer-lost':
      faults.unknownOutcome(match)
      return
    case 'call-lost':
      faults.unknownOutcome(match, { happened: false })
      return
    case 'dies-before':
      faults.crash(match, 'before-call')
      return
    case 'dies-after':
      faults.crash(match, 'between-call-and-answer')
      return
    case 'dies-waiting':
      faults.crash(match, 'while-waiting')
      return
    case 'midway':
      faults.failMidway(match)
      return
    case 'unreadable':
      faults.unreadable({ operation: nth % 2 === 0 ? 'observe' : 'discover' }, { times: nth * 2 })
  }
}
