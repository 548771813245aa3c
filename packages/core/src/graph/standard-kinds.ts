import { z } from 'zod'
import { defineKind } from './define-kind.ts'
import type { PropertiesOf } from './define-kind.ts'
import { sqlInstance } from './sql-instance-kind.ts'

const text = z.string().max(4_096)
const labels = { schema: text, map: true } as const
const image = { schema: text, owner: 'app' } as const
/** What a compute platform tells of the image: its digest, and while there is not one image for all replicas, those that they run. */
const imageFacts = {
  'image.digest': { schema: text, owner: 'app', follows: 'image' },
  'image.running': { schema: z.array(text), owner: 'app', follows: 'image', unordered: true },
} as const

const service = defineKind({
  name: 'service',
  statefulness: 'stateless',
  phase: 'deploy',
  properties: {
    image,
    ...imageFacts,
    replicas: { schema: z.number().int().min(0) },
    environment: { schema: text, map: true, owner: 'app' },
    labels,
  },
  open: true,
})
const container = defineKind({
  name: 'container',
  statefulness: 'stateless',
  phase: 'deploy',
  properties: { image, ...imageFacts, replicas: { schema: z.number().int().min(0) }, labels },
  open: true,
})
const gateway = defineKind({
  name: 'gateway',
  statefulness: 'stateless',
  phase: 'deploy',
  properties: {
    image,
    ...imageFacts,
    replicas: { schema: z.number().int().min(0) },
    domain: { schema: text },
    labels,
  },
  open: true,
})
const cronJob = defineKind({
  name: 'cron-job',
  statefulness: 'stateless',
  phase: 'deploy',
  properties: { image, ...imageFacts, schedule: { schema: text, owner: 'app' }, labels },
  open: true,
})

const sqlDatabase = defineKind({
  name: 'sql-database',
  statefulness: 'stateful',
  lastCopy: 'final-snapshot',
  hostedOn: 'sql-instance',
  properties: {
    name: { schema: text, impact: 'replace' },
    charset: { schema: text, impact: 'replace' },
    collation: { schema: text, impact: 'replace' },
  },
  open: true,
})
const sqlCredential = defineKind({
  name: 'sql-credential',
  statefulness: 'stateless',
  properties: { username: { schema: text, impact: 'replace' }, password: { schema: text, secret: true } },
  open: true,
})
const certificate = defineKind({
  name: 'certificate',
  statefulness: 'stateless',
  properties: {
    domain: { schema: text, impact: 'replace' },
    fingerprint: { schema: text, owner: 'provider' },
    expiresAt: { schema: text, owner: 'provider' },
    labels,
  },
  open: true,
})

const bucket = defineKind({
  name: 'bucket',
  statefulness: 'stateful',
  lastCopy: 'must-be-empty',
  properties: {
    versioning: { schema: z.boolean(), weakens: (value) => value === false },
    publicAccess: { schema: z.boolean(), weakens: (value) => value === true, creationDefault: false },
    location: { schema: text, impact: 'replace' },
    labels,
  },
  open: true,
})
const topic = defineKind({
  name: 'topic',
  statefulness: 'stateful',
  properties: { ordered: { schema: z.boolean(), impact: 'replace' }, labels },
  open: true,
})
const subscription = defineKind({
  name: 'subscription',
  statefulness: 'stateful',
  properties: {
    ackDeadlineSeconds: { schema: z.number().int().min(0) },
    retentionSeconds: { schema: z.number().int().min(0) },
    labels,
  },
  open: true,
})
const cache = defineKind({
  name: 'cache',
  statefulness: 'stateful',
  properties: {
    tier: { schema: text, impact: 'maintenance-window' },
    engine: { schema: text, impact: 'replace' },
    engineVersion: { schema: text, impact: 'maintenance-window', prefixMatch: true },
    labels,
  },
  open: true,
})
const secret = defineKind({
  name: 'secret',
  statefulness: 'stateful',
  properties: { value: { schema: text, secret: true }, labels },
  open: true,
})

const network = defineKind({
  name: 'network',
  statefulness: 'stateless',
  properties: { range: { schema: text, impact: 'replace' }, labels },
  open: true,
})
const subnet = defineKind({
  name: 'subnet',
  statefulness: 'stateless',
  properties: { range: { schema: text, impact: 'replace' }, zone: { schema: text, impact: 'replace' }, labels },
  open: true,
})
const identity = defineKind({ name: 'identity', statefulness: 'stateless', properties: { labels }, open: true })
const grant = defineKind({
  name: 'grant',
  statefulness: 'stateless',
  properties: {
    identity: { schema: text, owner: 'enforced', impact: 'replace' },
    resource: { schema: text, owner: 'enforced', impact: 'replace' },
    /** Of a grant that was derived: the use that it follows from. */
    service: { schema: text, owner: 'enforced', impact: 'replace' },
    need: { schema: text, owner: 'enforced', impact: 'replace' },
    operations: { schema: z.array(text), owner: 'enforced', unordered: true },
  },
  open: true,
})

/** The kinds that every ledger knows; providers' own types beyond them are imported under their own name. */
export const standardKinds = [
  service,
  container,
  gateway,
  cronJob,
  sqlDatabase,
  sqlInstance,
  sqlCredential,
  certificate,
  bucket,
  topic,
  subscription,
  cache,
  secret,
  network,
  subnet,
  identity,
  grant,
] as const

type StandardKinds = { [K in (typeof standardKinds)[number] as K['name']]: PropertiesOf<K> }

/** Property types by kind. Add your own kinds by declaration merging, and ids, properties and patches of them are typed. */
// An interface, because only interfaces merge.
export interface KindProperties extends StandardKinds {}
