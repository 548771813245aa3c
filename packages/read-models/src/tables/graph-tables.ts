import { always, environment, maybe, table } from './column.ts'

const node_id = always('text', 'Id of the node, such as sql-instance/main')
const kind = always('text', 'Kind of the node: the first half of its id')
const cause = always('text', 'Why: deployment, change-request, drift, import, external-deployment, restore or repair')
const deployment_id = maybe('text', 'The deployment that caused it')
const valid_from = always('timestamp', 'Since when the ledger knew it')
const valid_to = maybe('timestamp', 'Until when; null while it is the latest. Equal to valid_from on a retirement')
const valid_from_graph_version = always('integer', 'The graph version that it came with')
const valid_to_graph_version = maybe('integer', 'The graph version that it ended with; null while it is the latest')
const import_id = maybe('text', 'The import that brought it')
const observation_id = maybe('text', 'The scan that found it')
const revision = always('integer', 'Revision of the event in the stream of the environment')

/** The graph as it is, and as it was. */
export const graphTables = {
  nodes: table({
    comment: 'One row per node, as it is now; those that are no more have retired = true',
    columns: {
      environment,
      node_id,
      kind,
      version: always('integer', 'Its latest version'),
      incarnation: always('integer', 'How many things of this id there were'),
      ownership: always('text', 'managed (plans may write it) or observed'),
      managed_at: maybe('timestamp', 'When a person handed it over'),
      managed_by: maybe('text', 'Who handed it over'),
      properties: always('json', 'All its properties, by name'),
      provider: maybe('text', 'aws, gcp, ...; null while no provider knows it'),
      provider_account: maybe('text', 'Account or project'),
      provider_region: maybe('text', 'Region'),
      provider_type: maybe('text', "The provider's own type"),
      provider_name: maybe('text', 'Name at the provider; may be given to another thing later'),
      provider_id: maybe('text', 'Immutable id at the provider'),
      retired: always('boolean', 'Whether it is no more'),
      retired_reason: maybe('text', 'removed, vanished, no-longer-imported or replaced'),
      graph_version: always('integer', 'The graph version of its latest version'),
      created_at: always('timestamp', 'When its present incarnation was recorded'),
      changed_at: always('timestamp', 'When its latest version was recorded'),
      cause,
      actor: always('text', 'Who is behind its latest version, such as "user ada"'),
      deployment_id,
      origin_lineage: maybe('text', 'The imported lineage that may retire it'),
      origin_address: maybe('text', 'Its address there'),
    },
    key: ['environment', 'node_id'],
    indexes: [{ columns: ['environment', 'kind'] }],
  }),
  node_versions: table({
    comment:
      'Every version of every node with all its properties; what was so at a moment lies between valid_from and valid_to',
    columns: {
      environment,
      node_id,
      kind,
      version: always('integer', '1 for the first of the node'),
      incarnation: always('integer', 'Grows when what was retired is created again'),
      valid_from,
      valid_to,
      valid_from_graph_version,
      valid_to_graph_version,
      properties: always('json', 'All properties as of this version'),
      changed: always('json', 'Names of the properties that this version set or unset'),
      ownership: always('text', 'managed or observed, when the version was recorded'),
      managed_from_graph_version: maybe(
        'integer',
        'The graph version at which a person handed it over, while it was this version',
      ),
      ref: maybe('json', 'How the provider knows it'),
      retired: always('boolean', 'Whether this version ended the node'),
      retired_reason: maybe('text', 'removed, vanished, no-longer-imported or replaced'),
      recorded_at: always('timestamp', 'When it was written; what an import wrote is known from valid_from on'),
      effective_at: always('timestamp', 'When it was so in the world, at the latest'),
      effective_after: maybe('timestamp', 'After when; equal to effective_at where the moment is known'),
      cause,
      actor: always('text', 'Who is behind it'),
      deployment_id,
      deployment_step: maybe('text', 'The step of the deployment'),
      observation_id,
      import_id,
      revision,
    },
    key: ['environment', 'node_id', 'version'],
    indexes: [{ columns: ['environment', 'kind', 'valid_from'] }, { columns: ['environment', 'valid_from'] }],
  }),
  edges: table({
    comment: 'Every version of every edge; those that are there now have valid_to null and retired false',
    columns: {
      environment,
      edge_id: always('text', '<kind>:<from>-><to>'),
      kind: always('text', 'Kind of the edge, such as uses or satisfied-by'),
      from_node_id: always('text', 'The node that needs'),
      to_node_id: always('text', 'The node that is needed'),
      version: always('integer', '1 for the first of the edge'),
      valid_from,
      valid_to,
      valid_from_graph_version,
      valid_to_graph_version,
      attributes: always('json', 'Its attributes'),
      retired: always('boolean', 'Whether this version ended the edge'),
      recorded_at: always('timestamp', 'When it was written'),
      cause,
      actor: always('text', 'Who is behind it'),
      deployment_id,
      observation_id,
      import_id,
      revision,
    },
    key: ['environment', 'revision'],
    indexes: [
      { columns: ['environment', 'from_node_id'] },
      { columns: ['environment', 'to_node_id'] },
      { columns: ['edge_id'], equality: true },
    ],
  }),
  imports: table({
    comment: 'Imports of what other tools know',
    columns: {
      environment,
      import_id: always('text', 'Id of the import'),
      status: always('text', 'open or completed'),
      source_type: always('text', 'Type of the source'),
      source_name: always('text', 'Name of the source'),
      lineage: always('text', 'The series of states that it belongs to'),
      serial: maybe('integer', 'Its number in that series'),
      effective_at: maybe('timestamp', 'When it was so in the world'),
      effective_after: maybe('timestamp', 'The same of the import before'),
      started_at: always('timestamp', 'When it began'),
      started_by: always('text', 'Who imported'),
      completed_at: maybe('timestamp', 'When it was shown'),
      is_latest: always('boolean', 'Whether it is the last completed one of its lineage'),
      recorded: maybe('integer', 'Versions that it brought'),
      unchanged: maybe('integer', 'Nodes that it left as they were'),
      nodes_retired: maybe('integer', 'Nodes that it retired'),
    },
    key: ['environment', 'import_id'],
    indexes: [{ columns: ['lineage'], equality: true, only: { isTrue: 'is_latest' } }],
  }),
} as const
