import { gitPush, inMemoryEventStore, openLedger, user } from '@infraledger/core'
import type { Environment, ImportReport, Ledger } from '@infraledger/core'
import { readTerraformState } from '../read-terraform-state.ts'
import { fingerprint, resource, stateText } from '../state.fixture.ts'
import { readTerraformPlan } from './read-terraform-plan.ts'
import { planText, resourceChange } from './plan.fixture.ts'

export const ada = { actor: user('ada') }
export const grace = { actor: user('grace') }

/** An environment whose infrastructure Terraform keeps. Grace is its other Admin. */
export type Estate = {
  readonly ledger: Ledger
  readonly prod: Environment
  /** Imports the state of these resources, by address, as the next serial. */
  readonly importState: (resources: Readonly<Record<string, object>>, lineage?: string) => Promise<ImportReport>
}

/** An environment that asks for this many approvals. */
export async function estate(approvals = 1): Promise<Estate> {
  const ledger = openLedger({ store: inMemoryEventStore() })
  const prod = await ledger.createEnvironment(
    { name: 'prod', type: 'production', approvals: { required: approvals } },
    ada,
  )
  await prod.grantRole({ subject: 'grace', role: 'admin' }, ada)
  let serial = 0
  return {
    ledger,
    prod,
    importState(resources, lineage = 'l-1') {
      const listed = Object.entries(resources).map(([address, attributes]) => resource(address, [{ attributes }]))
      const text = stateText(listed, { serial: ++serial, lineage })
      return prod.import(readTerraformState(text, { name: `${serial}.tfstate`, fingerprint }), ada)
    },
  }
}

/** A bucket as the AWS provider tells it. */
export const bucket = (name: string, more: object = {}): object => ({
  id: name,
  bucket: name,
  arn: `arn:aws:s3:::${name}`,
  region: 'eu-west-1',
  ...more,
})

/** A database as the AWS provider tells it. */
export const database = (id: string, more: object = {}): object => ({
  identifier: 'main',
  arn: 'arn:aws:rds:eu-west-1:123456789012:db:main',
  resource_id: id,
  engine: 'postgres',
  engine_version: '15.4',
  backup_retention_period: 7,
  deletion_protection: true,
  ...more,
})

/** The plan that leads from one set of resources to another; `unknown` names attributes that only the execution tells. */
export function planBetween(
  before: Readonly<Record<string, object>>,
  after: Readonly<Record<string, object>>,
  { replaced = [], unknown = [], more = {} }: { replaced?: string[]; unknown?: string[]; more?: object } = {},
): ReturnType<typeof readTerraformPlan> {
  const addresses = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const changes = addresses.map((address) => {
    const [was, will] = [before[address], after[address]]
    const known =
      will === undefined ? null : Object.fromEntries(Object.entries(will).filter(([name]) => !unknown.includes(name)))
    const isSame = JSON.stringify(was) === JSON.stringify(will)
    const actions =
      was === undefined
        ? ['create']
        : will === undefined
          ? ['delete']
          : replaced.includes(address)
            ? ['delete', 'create']
            : isSame
              ? ['no-op']
              : ['update']
    return resourceChange(address, {
      actions,
      before: was ?? null,
      after: known,
      after_unknown: will === undefined ? {} : Object.fromEntries(unknown.map((name) => [name, true])),
    })
  })
  return readTerraformPlan(planText(changes, more), { name: 'plan.json', fingerprint })
}

/** What there is before the plan of most stories here. */
export const before = {
  'aws_db_instance.main': database('db-1'),
  'aws_s3_bucket.old': bucket('old'),
  'aws_s3_bucket.kept': bucket('kept'),
}

/** What there is once it was carried out. */
export const after = {
  'aws_db_instance.main': database('db-1', { backup_retention_period: 14 }),
  'aws_s3_bucket.new': bucket('new', { tags: { team: 'core' } }),
  'aws_s3_bucket.kept': bucket('kept'),
}

/** The push that it came with. */
export const trigger = gitPush({ commit: '4f2a', ref: 'main', pusher: 'ada' })
