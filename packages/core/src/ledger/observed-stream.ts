import { currentDeployment } from '../deployments/state.ts'
import { inSpan } from '../telemetry/in-span.ts'
import { failureOf } from '../telemetry/ending.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { withMembers } from '../telemetry/with-members.ts'
import type { EnvironmentStream } from './environment-stream.ts'
import type { LedgerServices } from './services.ts'

/**
 * A stream that tells of the events that it reads and folds: the first time all since the snapshot, later what other writers have
 * appended. Where there was nothing to read, nothing is told.
 */
export function observedStream(
  stream: EnvironmentStream,
  environment: string,
  { telemetry, clock }: Pick<LedgerServices, 'telemetry' | 'clock'>,
): EnvironmentStream {
  if (telemetry === undefined) return stream
  const attributes = { 'infraledger.environment': environment }
  let opened = false

  async function catchUp(telemetry: Telemetry): Promise<void> {
    const before = stream.head.revision
    const wasOpened = opened
    const startedAt = telemetry.now()
    let error: unknown
    try {
      await stream.catchUp()
      opened = true
    } catch (thrown) {
      error = thrown
      throw thrown
    } finally {
      const events = stream.head.revision - before
      if (events > 0 || error !== undefined) {
        const told = { ...attributes, 'infraledger.fold.events': events, 'infraledger.fold.is_first': !wasOpened }
        const span = telemetry.begin('catch-up', { attributes: told, startedAt })
        span.end(error === undefined ? undefined : failureOf(error))
      }
      if (events > 0) {
        telemetry.measure('infraledger.fold.events', events, attributes)
        const lagMs = clock.now().getTime() - Date.parse(stream.head.recordedAt)
        if (wasOpened) telemetry.measure('infraledger.fold.lag', Math.max(lagMs, 0) / 1_000, attributes)
        measureOpenDeployments(telemetry, stream, environment)
      }
    }
  }

  const told: Pick<EnvironmentStream, 'catchUp' | 'loadHistory'> = {
    catchUp: () => catchUp(telemetry),
    loadHistory: () =>
      stream.state.graph.firstVersion > 1
        ? inSpan(telemetry, { name: 'load-history', attributes }, () => stream.loadHistory())
        : stream.loadHistory(),
  }
  return withMembers(stream, (key, member) => (key in told ? Reflect.get(told, key) : member))
}

/** Measures how many deployments of an environment have not ended, by what was folded last. */
export function measureOpenDeployments(telemetry: Telemetry, stream: EnvironmentStream, environment: string): void {
  const open = currentDeployment(stream.state.deployments) === undefined ? 0 : 1
  telemetry.measure('infraledger.deployments.open', open, { 'infraledger.environment': environment })
}
