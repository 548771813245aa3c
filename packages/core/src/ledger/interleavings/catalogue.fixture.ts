import { z } from 'zod'
import type { ApplicationModelInput, NeedInput, ServiceInput } from '../../application/model-input.ts'
import type { ApprovalPolicy, DriftRule } from '../../environment/policies.ts'
import { defineKind } from '../../graph/define-kind.ts'
import type { RuntimeInput } from '../../deployments/runtime.ts'
import type { NodeId } from '../../graph/ids.ts'
import type { Properties } from '../../json.ts'

/** Kinds of the team's own: one that is made at the provider, one that holds data, and one that no provider serves. */
export const ownKinds = [
  defineKind({
    name: 'feature-flag',
    statefulness: 'stateless',
    properties: { enabled: { schema: z.boolean() }, rollout: { schema: z.number().min(0).max(100) } },
  }),
  defineKind({
    name: 'vault',
    statefulness: 'stateful',
    properties: { size: { schema: z.number(), growthOnly: true }, seal: { schema: z.string(), impact: 'replace' } },
  }),
  defineKind({ name: 'runbook', statefulness: 'stateless', properties: { url: { schema: z.string() } } }),
]

/** What the cloud's adapter keeps current, by kind, where it does. */
export const baselines: Readonly<Record<string, Properties>> = { 'sql-instance': { 'network.tlsRequired': true } }

/** A kind that the cloud leaves to the record. */
export const UNSERVED = 'runbook'

/** An image by its digest, which nobody can move. */
export function imageOf(name: string, build: number): string {
  return `${name}@sha256:${String(build).repeat(64)}`
}

const orders = { need: 'sql-database/orders', operations: ['read', 'write'] } as const
const receipts = { need: 'bucket/receipts', operations: ['write'] } as const
const checkout: ServiceInput = { name: 'checkout', image: imageOf('checkout', 1), uses: [orders, receipts] }
const web: ServiceInput = { name: 'web', image: imageOf('web', 1), dependsOn: ['service/checkout'] }
const bucket: NeedInput = { node: 'bucket/receipts', properties: { versioning: true } }
const instance = (properties: Properties): NeedInput => ({ node: 'sql-instance/main', properties })

/** What commits declare: needs that come and go, values that change, hosts that move, dependencies that turn round. */
export const models: readonly ApplicationModelInput[] = [
  { services: [checkout], needs: ['sql-database/orders', bucket] },
  { services: [checkout, web], needs: ['sql-database/orders', bucket, 'topic/sales'] },
  {
    services: [{ ...checkout, uses: [orders] }],
    needs: ['sql-database/orders', instance({ deletionProtection: false, tier: 'large' })],
  },
  { services: [{ ...checkout, uses: [receipts] }], needs: [{ ...bucket, properties: { versioning: false } }] },
  {
    services: [
      { ...checkout, image: imageOf('checkout', 2), dependsOn: ['service/web'] },
      { ...web, dependsOn: [] },
    ],
    needs: [
      'sql-database/orders',
      bucket,
      instance({ 'backup.retentionDays': 14, 'maintenance.window': 'tue:02:00-tue:04:00', 'storage.gib': 50 }),
    ],
  },
  {
    services: [{ name: 'worker', image: imageOf('worker', 1), uses: [{ need: 'vault/keys', operations: ['open'] }] }],
    needs: [
      { node: 'vault/keys', properties: { size: 2, seal: 'wax' }, dependsOn: ['network/inner'] },
      { node: 'feature-flag/fast', properties: { enabled: true, rollout: 10 } },
      { node: 'runbook/outage', properties: { url: 'https://runbooks/1' } },
      'network/inner',
    ],
  },
  {
    services: [
      {
        name: 'worker',
        image: imageOf('worker', 2),
        replicas: 2,
        uses: [{ need: 'sql-database/figures', operations: ['read'] }],
      },
    ],
    needs: [
      { node: 'sql-database/figures', dependsOn: ['sql-instance/second'] },
      { node: 'feature-flag/fast', properties: { enabled: false, rollout: 10 } },
      { node: 'runbook/outage', properties: { url: 'https://runbooks/2' } },
    ],
  },
  { services: [], needs: [] },
  {
    services: [checkout],
    needs: ['sql-database/orders', bucket, instance({ deletionProtection: false, engineVersion: '18' })],
  },
  { services: [], needs: [{ node: 'vault/keys', properties: { size: 1, seal: 'wax' } }, 'cache/sessions'] },
]

const labels: readonly Properties[] = [
  { 'labels["team"]': 'core' },
  { 'labels["team"]': 'web', 'labels["tier.x"]': '1' },
]

const patches: Readonly<Record<string, readonly Properties[]>> = {
  'sql-instance': [
    ...labels,
    { tier: 'large' },
    { tier: 'small' },
    { 'backup.retentionDays': 14 },
    { 'backup.retentionDays': 0, 'backup.pointInTimeRecovery': false },
    { availability: 'zonal' },
    { availability: 'regional', 'labels["team"]': 'core' },
    { 'storage.gib': 50 },
    { 'storage.gib': 100, tier: 'large' },
    { engineVersion: '17.5' },
    { engineVersion: '18' },
    { deletionProtection: false },
    { deletionProtection: true },
    { 'network.publicAccess': true },
    { 'maintenance.window': 'tue:02:00-tue:04:00' },
    { 'parameters["max_connections"]': '200', 'backup.window': '04:00-04:30' },
    { 'encryption.atRest': false },
    { tear: 'large' },
    { 'storage.gib': 'plenty' },
  ],
  bucket: [...labels, { versioning: true }, { versioning: false }, { publicAccess: true }, { publicAccess: false }],
  service: [...labels, { replicas: 3 }, { replicas: 1 }, { image: imageOf('hotfix', 9) }, { repicas: 2 }],
  cache: [...labels, { tier: 'large' }, { tier: 'small' }],
  'feature-flag': [{ enabled: true }, { enabled: false }, { rollout: 50 }],
  vault: [{ size: 3 }, { size: 5 }, { seal: 'gold' }],
  runbook: [{ url: 'https://runbooks/3' }],
}

/** What somebody may want of, or do to, a thing of a kind. */
export function patchesOf(kind: string): readonly Properties[] {
  return patches[kind] ?? labels
}

/** What of an instance cannot be changed without a restart or an outage, or not at all. */
export const hardPatches: readonly Properties[] = [
  { availability: 'zonal' },
  { 'parameters["max_connections"]': '300' },
  { availability: 'regional' },
  { 'encryption.atRest': false },
  { engineVersion: '18' },
]

/** What is in the cloud before the ledger is, and what people make there later. */
export const made: readonly { readonly kind: string; readonly name: string; readonly properties: Properties }[] = [
  { kind: 'sql-instance', name: 'legacy', properties: { tier: 'large', 'backup.retentionDays': 3 } },
  { kind: 'bucket', name: 'archive', properties: { versioning: true } },
  { kind: 'topic', name: 'news', properties: {} },
  { kind: 'service', name: 'reports', properties: { image: imageOf('reports', 1) } },
  { kind: 'sql-instance', name: 'prod-second', properties: {} },
]

/** Ids that are declared somewhere, for bindings. */
export const needs: readonly NodeId[] = [
  'sql-database/orders',
  'bucket/receipts',
  'topic/sales',
  'vault/keys',
  'sql-instance/main',
]

/** Drift policies (DRIFT 16). */
export const driftPolicies: readonly (readonly DriftRule[])[] = [
  [],
  [
    {
      kind: 'sql-instance',
      property: 'tier',
      decision: 'ignore',
      until: '2026-03-20T00:00:00.000Z',
      reason: 'a load test',
    },
  ],
  [{ property: 'labels*', decision: 'enforce', reason: 'labels are billing' }],
  [
    { kind: 'bucket', property: 'versioning', decision: 'enforce', reason: 'receipts are kept' },
    { property: 'backup.*', decision: 'ignore', reason: 'under investigation' },
  ],
]

/** Approval policies (DEPLOY 4, 6); by index, so that the first ones are the usual ones. */
export const approvalPolicies: readonly ApprovalPolicy[] = [
  { required: 0 },
  { required: 1 },
  { required: 1, fourEyes: true },
  { required: 2 },
  { required: 1, expiresAfterHours: 2 },
  { required: 1, sections: { deletions: 1 }, fourEyes: true, expiresAfterHours: 24 },
  { required: 0, sections: { iam: 2, deletions: 1 } },
]

const DIGEST = `sha256:${'a'.repeat(64)}`

/** What images were built with: pinned and not, and what cannot be so. */
export const runtimes: readonly RuntimeInput[] = [
  { version: '24.1', baseImage: 'node:24', baseImageDigest: DIGEST },
  { version: '24.1', baseImage: `node:24@${DIGEST}` },
  { version: '24.0', baseImage: 'node:24' },
  { version: '24.1', baseImage: 'node:24', baseImageDigest: DIGEST, pinned: true },
  { version: '24.1', baseImage: `node:24@${DIGEST}`, pinned: false },
  { version: '24.1', baseImage: 'node:24', pinned: true },
  { version: '24.1', baseImage: 'Node:24' },
  { version: '24.1', baseImage: 'node:24', baseImageDigest: 'sha256:12' },
]
