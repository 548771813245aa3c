import type { ApplicationModelInput } from '@infraledger/core'
import { parseText } from '../arguments.ts'
import { argument, defineCommand, option } from '../command.ts'
import { readJsonFile } from '../json-file.ts'

export const plan = defineCommand({
  name: 'plan',
  group: 'Ask',
  summary: 'What deploying an application model would do; writes nothing',
  description: 'The model is a JSON file of services and needs. It is computed from the ledger alone: reconcile first.',
  arguments: { model: argument('a JSON file of services and needs; - is standard input', parseText) },
  options: { commit: option('<commit>', 'the commit that declares it', parseText) },
  examples: [
    ['infraledger plan model.json', 'what would be created, changed and removed, and why'],
    [`infraledger plan model.json --json | jq '.sections'`, 'what of it changes access or deletes'],
  ],
  async run({ arguments: { model: path }, options: { commit } }, session) {
    const environment = await session.environment()
    // The library checks the model and says what is wrong with it.
    const model = (await readJsonFile(path, session.io)) as ApplicationModelInput
    const { text, ...value } = await environment.plan({ model, ...(commit === undefined ? {} : { commit }) })
    return { type: 'document', value, text }
  },
})
