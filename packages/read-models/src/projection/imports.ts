import type { Row } from '../tables/catalogue.ts'
import { changeEnvironment } from './environment.ts'
import type { Projections } from './projected-event.ts'
import { actorText, momentOrNull } from './readable.ts'
import type { WorkingSet } from './working-set.ts'

/** Imports, from their beginning to the moment at which what they brought is shown. */
export const importProjections = {
  ImportStarted(rows, event) {
    const { environment, data, metadata } = event
    const lineage = data.source.lineage ?? data.source.name
    rows.put('imports', {
      environment,
      import_id: data.import,
      status: 'open',
      source_type: data.source.type,
      source_name: data.source.name,
      lineage,
      serial: data.source.serial ?? null,
      effective_at: momentOrNull(data.effectiveAt),
      effective_after: latestOf(rows, environment, lineage)?.effective_at ?? null,
      started_at: metadata.recordedAt,
      started_by: actorText(metadata.actor),
      completed_at: null,
      is_latest: false,
      recorded: null,
      unchanged: null,
      nodes_retired: null,
    })
    changeEnvironment(rows, event, { open_import_id: data.import })
  },
  ImportCompleted(rows, event) {
    const { environment, data, metadata } = event
    changeEnvironment(rows, event, { open_import_id: null })
    const known = rows.get('imports', [environment, data.import])
    if (known === undefined) return
    const before = latestOf(rows, environment, known.lineage)
    if (before !== undefined) rows.put('imports', { ...before, is_latest: false })
    rows.put('imports', {
      ...known,
      ...(data.instead === undefined
        ? {}
        : {
            source_type: data.instead.source.type,
            source_name: data.instead.source.name,
            serial: data.instead.source.serial ?? null,
            effective_at: momentOrNull(data.instead.effectiveAt),
          }),
      status: 'completed',
      completed_at: metadata.recordedAt,
      is_latest: true,
      recorded: data.recorded,
      unchanged: data.unchanged,
      nodes_retired: data.retired,
    })
  },
} satisfies Projections

function latestOf(rows: WorkingSet, environment: string, lineage: string): Row<'imports'> | undefined {
  return rows.having('imports', 'lineage', lineage).find((row) => row.is_latest && row.environment === environment)
}
