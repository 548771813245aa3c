import { expectTypeOf } from 'vitest'
import type { JsonValue } from '../json.ts'
import type { NodeId } from './ids.ts'
import type { NodeProperties } from './kind-properties.ts'
import type { GraphNode } from './node.ts'
import type { GraphView } from './view.ts'

declare const view: GraphView
declare const anyId: NodeId

// A known kind: its properties are typed.
const instance = view.node('sql-instance/main')
expectTypeOf(instance?.properties['backup.retentionDays']).toEqualTypeOf<number | undefined>()
expectTypeOf(instance?.properties.availability).toEqualTypeOf<'regional' | 'zonal' | undefined>()
expectTypeOf(instance?.properties['labels["team"]']).toEqualTypeOf<string | undefined>()
expectTypeOf(instance?.properties['provider.endpoint']).toEqualTypeOf<JsonValue | undefined>()
expectTypeOf(instance?.kind).toEqualTypeOf<'sql-instance' | undefined>()
// @ts-expect-error a known kind has no such property
void instance?.properties.retention

// A key with slashes still names its kind.
expectTypeOf(view.node('bucket/a/b')?.properties.versioning).toEqualTypeOf<boolean | undefined>()

// Unknown kinds and ids that are only known at run time: any JSON.
expectTypeOf(view.node('aws_security_group/web')?.properties['ingress']).toEqualTypeOf<JsonValue | undefined>()
expectTypeOf(view.node(anyId)).toEqualTypeOf<GraphNode | undefined>()
expectTypeOf<NodeProperties>().toEqualTypeOf<{ readonly [property: string]: JsonValue }>()

// Lists are typed by the kind that they are filtered by.
expectTypeOf(view.nodes({ kind: 'bucket' })[0]?.properties.publicAccess).toEqualTypeOf<boolean | undefined>()
expectTypeOf(view.nodes()).toEqualTypeOf<readonly GraphNode[]>()

// Views are read-only.
// @ts-expect-error properties cannot be assigned
if (instance !== undefined) instance.properties.tier = 'large'
