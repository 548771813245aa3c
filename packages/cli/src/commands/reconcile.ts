import { configurationWithClouds } from '../clouds.ts'
import { defineCommand, flag } from '../command.ts'
import { changedOutside, reconciliationDocument, reconciliationText } from '../output/reconciliation.ts'
import { count, plain } from '../output/text.ts'

export const reconcile = defineCommand({
  name: 'reconcile',
  group: 'Take infrastructure in',
  summary: 'Ask the configured clouds what there is; record what drifted',
  description: 'Never writes to a cloud. The clouds are those that infraledger.config.ts exports.',
  arguments: {},
  options: { detailedExitcode: flag('exit with 2 where something drifted or is missing') },
  examples: [
    ['infraledger reconcile --environment prod', 'what changed since it was last observed'],
    ['infraledger reconcile --detailed-exitcode --json', 'for a nightly job'],
  ],
  async run(_, session) {
    await configurationWithClouds(session)
    const environment = await session.environment()
    const found = await environment.reconcile()
    const isDrift = found.missing.length > 0 || changedOutside(found).length > 0
    return {
      type: 'document',
      value: reconciliationDocument(found),
      text: (look) =>
        `${look.paint('bold', plain(environment.name))}: ${count(found.counts.resources, 'resource')}\n${reconciliationText(found, look)}`,
      outcome: isDrift ? 'different' : undefined,
    }
  },
})
