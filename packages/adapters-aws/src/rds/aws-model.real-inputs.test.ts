import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dbInstanceSchema, pendingModifiedValuesSchema } from './db-instance-schema.ts'
import { LEFT_OUT_MEMBERS } from './left-out-members.ts'

type Model = { readonly shapes: { readonly [shape: string]: { readonly members?: object } } }

const url = new URL('../../../../../shared/real-inputs/botocore-rds-model/service-2.json', import.meta.url)
const model: Model = JSON.parse(readFileSync(url, 'utf8'))
const membersOf = (shape: string): readonly string[] => Object.keys(model.shapes[shape]?.members ?? {}).toSorted()

describe("AWS's own model of RDS", () => {
  it('IMPORT 18: has no member of an instance that is neither read nor left out on purpose', () => {
    expect([...Object.keys(dbInstanceSchema.shape), ...Object.keys(LEFT_OUT_MEMBERS)].toSorted()).toEqual(
      membersOf('DBInstance'),
    )
  })

  it('IMPORT 18: has no pending value that is not read', () => {
    expect(Object.keys(pendingModifiedValuesSchema.shape).toSorted()).toEqual(membersOf('PendingModifiedValues'))
  })
})
