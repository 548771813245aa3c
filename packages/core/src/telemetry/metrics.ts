/** What a metric is: its instrument, its unit (UCUM) and what it says. */
export type Metric = {
  readonly instrument: 'counter' | 'histogram' | 'gauge'
  readonly unit: string
  readonly description: string
}

/**
 * Every metric of the library. Attributes have few values: types, codes, kinds, environments; a node or a subject is on no metric. Durations
 * are in seconds, and their counts tell how often.
 */
export const METRICS = {
  'infraledger.command.duration': {
    instrument: 'histogram',
    unit: 's',
    description: 'Commands, from being given to being recorded or refused',
  },
  'infraledger.store.operation.duration': {
    instrument: 'histogram',
    unit: 's',
    description: 'Calls of the event store that write, or load a snapshot',
  },
  'infraledger.store.append.events': { instrument: 'counter', unit: '{event}', description: 'Events appended' },
  'infraledger.store.append.size': {
    instrument: 'histogram',
    unit: 'By',
    description: 'Data and metadata of one append',
  },
  'infraledger.store.append.conflicts': {
    instrument: 'counter',
    unit: '{conflict}',
    description: 'Appends that lost against another writer and were decided again',
  },
  'infraledger.fold.events': {
    instrument: 'counter',
    unit: '{event}',
    description: 'Events read and folded into the state of an environment',
  },
  'infraledger.fold.lag': {
    instrument: 'histogram',
    unit: 's',
    description: 'How long ago the newest event of another writer was recorded when it was folded here',
  },
  'infraledger.snapshots.ignored': {
    instrument: 'counter',
    unit: '{snapshot}',
    description: 'Snapshots that were kept and could not be used',
  },
  'infraledger.provider.call.duration': {
    instrument: 'histogram',
    unit: 's',
    description: 'Calls of cloud providers, to their last page or outcome',
  },
  'infraledger.step.duration': {
    instrument: 'histogram',
    unit: 's',
    description: 'Steps of deployments, with all attempts',
  },
  'infraledger.deployments.open': {
    instrument: 'gauge',
    unit: '{deployment}',
    description: 'Deployments that have not ended, as this process knows it',
  },
  'infraledger.deployments.ended': { instrument: 'counter', unit: '{deployment}', description: 'Ends of deployments' },
  'infraledger.reconcile.duration': { instrument: 'histogram', unit: 's', description: 'Scans for drift' },
  'infraledger.drift.decisions': {
    instrument: 'counter',
    unit: '{decision}',
    description: 'What was decided about properties that differ',
  },
  'infraledger.alerts.raised': { instrument: 'counter', unit: '{alert}', description: 'Alerts that were raised' },
} as const satisfies Readonly<Record<string, Metric>>

export type MetricName = keyof typeof METRICS
