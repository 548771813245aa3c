import { parseCount } from '../arguments.ts'
import type { StreamAnswer } from '../answer.ts'
import { configurationWithClouds } from '../clouds.ts'
import { defineCommand, flag, option } from '../command.ts'
import { wrongUsage } from '../command-error.ts'
import { showProgress } from '../output/deployment-progress.ts'
import { runnings } from '../running.ts'

export const run = defineCommand({
  name: 'run',
  group: 'Carry out',
  summary: 'Run deployments with the configured clouds, until it is stopped',
  description:
    'Runs what "infraledger deploy" and "infraledger destroy" recorded, in all environments of the ledger, and first what was left unfinished. Any number may run, in any processes. Ctrl-C (SIGINT, SIGTERM) stops after the calls under way; the next run goes on. With --once it ends when everything that is open has ended, or waits: with 1 if a deployment failed. With --json each line is a document. The clouds and platforms are those that infraledger.config.ts exports.',
  arguments: {},
  options: {
    once: flag('end when nothing is open, or everything waits for an approval or an import'),
    concurrency: option('<count>', 'steps of one deployment that run at once (default 8)', parseCount(1)),
    detailedExitcode: flag('with --once, exit with 2 while something waits'),
  },
  examples: [
    ['infraledger run', 'carries out deployments as they are recorded and approved'],
    ['infraledger run --once --json', 'in a pipeline, after deploy or approve: one line for each thing that happens'],
  ],
  async run({ options: { once, concurrency, detailedExitcode } }, session) {
    if (session.shared.environment !== undefined)
      throw wrongUsage('run carries out the deployments of all environments: leave --environment out.')
    if (detailedExitcode && !once) throw wrongUsage('--detailed-exitcode is for --once.')
    const ledger = await session.ledger()
    await configurationWithClouds(session)
    const outcome: { failed: boolean; waiting: boolean } = { failed: false, waiting: false }
    // Listened for before anything is said, so that whoever reads it can stop it.
    const interrupted = session.io.interruption?.()
    const told = runnings(ledger, session.io, { once, concurrency, outcome, interrupted })
    await session.note(
      once ? 'Running what is open.' : 'Running deployments as they come; Ctrl-C stops after the calls under way.',
    )
    return {
      type: 'stream',
      lines: true,
      items: lines(told),
      none: 'Nothing was open.',
      outcome: () => (once && outcome.failed ? 'failed' : outcome.waiting ? 'different' : undefined),
    }
  },
})

async function* lines(told: ReturnType<typeof runnings>): StreamAnswer['items'] {
  for await (const value of told) yield { value, text: () => showProgress(value) }
}
