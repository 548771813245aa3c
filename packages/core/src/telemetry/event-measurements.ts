import type { LedgerEvent } from '../environment/catalogue.ts'
import type { Attributes, Telemetry } from './telemetry.ts'

/** How a deployment ends, by the event that says so. */
const ENDS: Readonly<Record<string, string>> = {
  DeploymentSucceeded: 'succeeded',
  DeploymentFailed: 'failed',
  DeploymentRejected: 'rejected',
  DeploymentCancelled: 'cancelled',
  DeploymentSuperseded: 'superseded',
}

/** Measures what this process has just recorded: decisions about drift, ends of deployments, alerts. */
export function measureEvents(telemetry: Telemetry, events: readonly LedgerEvent[], environment: Attributes): void {
  for (const event of events) {
    const end = ENDS[event.type]
    if (end !== undefined)
      telemetry.measure('infraledger.deployments.ended', 1, { ...environment, 'infraledger.deployment.status': end })
    if (event.type === 'AlertRaised') {
      const { reason, severity } = event.data
      const alert = { 'infraledger.alert.reason': reason, 'infraledger.alert.severity': severity }
      telemetry.measure('infraledger.alerts.raised', 1, { ...environment, ...alert })
    }
    if (event.type !== 'DriftDetected') continue
    for (const { decision } of event.data.decisions)
      telemetry.measure('infraledger.drift.decisions', 1, { ...environment, 'infraledger.drift.decision': decision })
  }
}
