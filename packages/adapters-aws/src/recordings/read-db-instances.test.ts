import { describe, expect, it } from 'vitest'
import { isLedgerError } from '@infraledger/core/adapter'
import type { LedgerError } from '@infraledger/core/adapter'
import { readDbInstances } from './read-db-instances.ts'

const read = (answer: unknown) => readDbInstances(JSON.stringify(answer), { name: 'a.json' })

function refusal(text: string): LedgerError {
  try {
    readDbInstances(text, { name: 'a.json' })
  } catch (error) {
    if (isLedgerError(error)) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const instance = { DBInstanceIdentifier: 'orders', InstanceCreateTime: '2019-03-15T20:36:06.338Z', Engine: null }

describe('a recorded answer', () => {
  it('IMPORT 18: is the JSON of the command line', () => {
    expect(read({ DBInstances: [instance] })).toMatchObject({
      complete: true,
      observations: [
        { ref: { name: 'orders' }, properties: { 'provider.instance_create_time': '2019-03-15T20:36:06.338Z' } },
      ],
    })
  })

  it('IMPORT 18: is a recording of placebo, with its own form of times and the time of the answer', () => {
    const created = {
      __class__: 'datetime',
      year: 2017,
      month: 11,
      day: 21,
      hour: 19,
      minute: 58,
      second: 24,
      microsecond: 390_000,
    }
    const data = {
      DBInstances: [{ ...instance, InstanceCreateTime: created, LatestRestorableTime: {} }],
      ResponseMetadata: { HTTPHeaders: { date: 'Tue, 21 Nov 2017 20:06:41 GMT' } },
    }
    const reading = read({ status_code: 200, data })
    expect(reading).toMatchObject({
      observedAt: '2017-11-21T20:06:41.000Z',
      observations: [{ properties: { 'provider.instance_create_time': '2017-11-21T19:58:24.390Z' } }],
    })
    expect(reading.observations[0]?.properties).not.toHaveProperty(['provider.latest_restorable_time'])
  })

  it.each([[{ Marker: 'm' }], [{ NextToken: 'n' }]])('IMPORT 19: is not complete with %j', (more) => {
    expect(read({ DBInstances: [], ...more }).complete).toBe(false)
  })

  it.each([
    [{ Error: { Code: 'AccessDenied', Message: 'no' } }, /AccessDenied: no/],
    [
      { status_code: 400, data: { Error: { Code: 'DBInstanceNotFound', Message: 'gone' } } },
      /DBInstanceNotFound: gone/,
    ],
    [{ status_code: 503, data: {} }, /HTTP 503/],
  ])('IMPORT 19: is refused when it is an error: %j', (answer, message) => {
    const error = refusal(JSON.stringify(answer))
    expect(error.code).toBe('input-invalid')
    expect(error.message).toMatch(message)
  })

  it('IMPORT 19: is refused when it is what the AWS command line says of an error', () => {
    const text =
      '\nAn error occurred (ExpiredToken) when calling the DescribeDBInstances operation: The security token is expired\n'
    expect(refusal(text).message).toContain('is an error answer (ExpiredToken: The security token is expired)')
  })

  it('IMPORT 19: is refused when it says two things of one instance, naming it', () => {
    const again = { ...instance, Engine: 'postgres' }
    expect(refusal(JSON.stringify({ DBInstances: [instance, again] })).message).toContain('orders is there twice')
  })

  it.each([
    [[instance], 'it is a list, such as --query makes'],
    [instance, 'it is one instance, such as --query makes'],
    [{ version: 4, serial: 1, lineage: 'l', resources: [] }, 'it is a Terraform state'],
    [{ DBClusters: [] }, 'DBInstances is missing'],
  ])('IMPORT 19: something else is named for what it is: %j', (answer, problem) => {
    expect(refusal(JSON.stringify(answer)).message).toContain(problem)
  })

  it.each([
    ['{"DBClusters":[]}', 'DBInstances'],
    ['[]', ''],
    ['{"DBInstances":[{}]}', 'DBInstances.0.DBInstanceIdentifier'],
    ['{"DBInstances":[{"DBInstanceIdentifier":"a","MultiAZ":"yes"}]}', 'DBInstances.0.MultiAZ'],
    ['{"DBInstances":[{"DBInstanceIdentifier":"a","InstanceCreateTime":"soon"}]}', 'DBInstances.0.InstanceCreateTime'],
    ['{"DBInstances":', 'line 1, column 16'],
  ])('IMPORT 19: %s is refused, naming where', (text, path) => {
    const error = refusal(text)
    expect(error.code).toBe('input-invalid')
    expect(error.details).toMatchObject({ what: 'RDS answer a.json', issues: [{ path }] })
  })
})
