import type { Command } from '../environment/decide.ts'
import { measureEvents } from '../telemetry/event-measurements.ts'
import { inSpan } from '../telemetry/in-span.ts'
import type { Attributes } from '../telemetry/telemetry.ts'
import { checkCorrelationId } from './correlation.ts'
import type { EnvironmentStream } from './environment-stream.ts'
import type { Execute, Execution } from './execute.ts'
import { measureOpenDeployments } from './observed-stream.ts'
import type { LedgerServices } from './services.ts'

/**
 * Execution that tells of each command: how long it took, with its wait for others, how it ended, and what it belongs to. The events carry
 * the correlation id and the trace that the span has, so that one leads to the other.
 */
export function observedExecute(
  execute: Execute,
  stream: EnvironmentStream,
  environment: string,
  { telemetry, newId }: Pick<LedgerServices, 'telemetry' | 'newId'>,
): Execute {
  if (telemetry === undefined) {
    return async (command, execution) => {
      checkCorrelationId(execution.correlationId)
      return execute(command, execution)
    }
  }
  return async (command, execution) => {
    checkCorrelationId(execution.correlationId)
    const correlationId = execution.correlationId ?? newId()
    const where = { 'infraledger.environment': environment }
    const measured = { ...where, 'infraledger.command': command.type, 'infraledger.actor.type': execution.actor.type }
    const subject = telemetry.subjectIds === true ? { 'infraledger.actor.id': execution.actor.id } : {}
    const attributes = { ...measured, ...subject, ...about(command), 'infraledger.correlation_id': correlationId }
    return inSpan(
      telemetry,
      { name: command.type, attributes, duration: 'infraledger.command.duration', measured },
      async (span) => {
        const trace = telemetry.current()
        const events = await execute(command, { ...execution, correlationId, ...trace })
        span.set({ 'infraledger.command.events': events.length })
        measureEvents(telemetry, events, where)
        if (events.some(({ type }) => type.startsWith('Deployment')))
          measureOpenDeployments(telemetry, stream, environment)
        return events
      },
      (events) => ({ outcome: events.length === 0 ? 'unchanged' : 'done' }),
    )
  }
}

/** What a command is about, by id: on spans only. */
function about(command: Command): Attributes {
  return {
    ...('deployment' in command ? { 'infraledger.deployment.id': command.deployment } : {}),
    ...('step' in command && command.step !== undefined ? { 'infraledger.step.id': command.step } : {}),
    ...('node' in command && typeof command.node === 'string' ? { 'infraledger.node.id': command.node } : {}),
  }
}

/** What commands on a deployment belong to: the correlation id that its trigger was given. */
export function correlationOf(
  stream: EnvironmentStream,
  deployment: string | undefined,
): Pick<Execution, 'correlationId'> {
  const correlationId =
    deployment === undefined ? undefined : stream.state.deployments.deployments.get(deployment)?.correlationId
  return correlationId === undefined ? {} : { correlationId }
}
