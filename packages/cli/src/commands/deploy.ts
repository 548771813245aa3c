import { api, manual } from '@infraledger/core'
import type { Actor, ApplicationModelInput, Trigger } from '@infraledger/core'
import { parseText } from '../arguments.ts'
import { argument, defineCommand, option, requiredOption } from '../command.ts'
import { readJsonFile } from '../json-file.ts'

export const deploy = defineCommand({
  name: 'deploy',
  group: 'Decide',
  summary: 'Record a deployment of an application model; "infraledger run" carries it out',
  arguments: { model: argument('a JSON file of services and needs; - is standard input', parseText) },
  options: {
    commit: requiredOption('<commit>', 'the commit that declares it', parseText),
    emergency: option('<reason>', 'skip approval, and say why: another Admin has to review it afterwards', parseText),
  },
  examples: [
    [
      'infraledger deploy model.json --commit 4f2a91c --as user:ada',
      'it runs once it is approved, where that is asked for',
    ],
    [
      'infraledger deploy model.json --commit 4f2a91c --emergency "orders are lost" --as user:ada',
      'it runs at once, everybody is alerted, and it stays open until somebody else has reviewed it',
    ],
  ],
  async run({ arguments: { model: path }, options: { commit, emergency } }, session) {
    const actor = session.actor()
    const environment = await session.environment()
    // The library checks the model and says what is wrong with it.
    const model = (await readJsonFile(path, session.io)) as ApplicationModelInput
    const urgent = emergency === undefined ? {} : { emergency: { reason: emergency } }
    const { id } = await environment.deploy({ trigger: triggerOf(actor, commit), model, ...urgent }, { actor })
    const said = emergency === undefined ? '' : ' as an emergency; somebody else has to review it'
    return {
      type: 'document',
      value: { deployment: id },
      text: () => `Deployment ${id} is recorded${said}. "infraledger run" carries it out.`,
    }
  },
})

function triggerOf(actor: Actor, commit: string): Trigger {
  switch (actor.type) {
    case 'user':
      return manual({ commit, user: actor.id })
    case 'pull-request':
      return { type: 'pull-request', commit, number: Number(actor.id) }
    case 'api-client':
    case 'system':
      return api({ commit, client: actor.id })
  }
}
