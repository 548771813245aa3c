import { readFileSync } from 'node:fs'
import type { WireAnswer, XmlElement } from './wire-calls.fixture.ts'

type Shape = {
  readonly type: string
  readonly members?: Readonly<Record<string, { readonly shape: string; readonly locationName?: string }>>
  readonly member?: { readonly shape: string; readonly locationName?: string }
  readonly required?: readonly string[]
  readonly enum?: readonly string[]
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number }
}

type Operation = {
  readonly output?: { readonly shape: string; readonly resultWrapper?: string }
  readonly errors?: readonly { readonly shape: string }[]
}

/** AWS's own model of a service that speaks the query protocol. */
export type ServiceModel = {
  readonly operations: Readonly<Record<string, Operation>>
  readonly shapes: Readonly<Record<string, Shape>>
}

/** The model of RDS, from the recorded inputs. */
export function rdsModel(): ServiceModel {
  const url = new URL('../../../../../shared/real-inputs/botocore-rds-model/service-2.json', import.meta.url)
  return JSON.parse(readFileSync(url, 'utf8'))
}

/** Errors that every service may answer ("Common errors" of the RDS API reference), with their statuses. */
const COMMON: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  ExpiredToken: 403,
  IncompleteSignature: 403,
  InvalidAction: 400,
  InvalidParameterCombination: 400,
  InvalidParameterValue: 400,
  MalformedInput: 400,
  MissingAuthenticationToken: 403,
  MissingParameter: 400,
  Throttling: 400,
}

/** What is wrong with an answer, by the model; nothing where it is as AWS would write it. */
export function faultsOf(model: ServiceModel, action: string, { status, root }: WireAnswer): readonly string[] {
  const operation = model.operations[action]
  if (operation === undefined) return [`${action} is no operation`]
  if (root.name === 'ErrorResponse') return errorFaults(model, operation, status, root)
  const { shape, resultWrapper = '' } = operation.output ?? { shape: '' }
  const expected = [...(resultWrapper === '' ? [] : [resultWrapper]), 'ResponseMetadata']
  const names = root.children.map(({ name }) => name)
  if (status !== 200 || root.name !== `${action}Response` || names.join() !== expected.join())
    return [`${action} answers ${status} ${root.name}: ${names.join()}`]
  const result = root.children[0]
  return resultWrapper === '' || result === undefined ? [] : valueFaults(model, shape, result, action)
}

function errorFaults(model: ServiceModel, operation: Operation, status: number, root: XmlElement): readonly string[] {
  const error = root.children.find(({ name }) => name === 'Error')
  const read = (name: string): string => error?.children.find((child) => child.name === name)?.text ?? ''
  const modelled = (operation.errors ?? []).map(({ shape }) => model.shapes[shape]?.error)
  const known = modelled.find((one) => one?.code === read('Code'))?.httpStatusCode ?? COMMON[read('Code')]
  const hasId = root.children.some(({ name, text }) => name === 'RequestId' && text !== '')
  return [
    ...(known === status ? [] : [`${read('Code')} with status ${status} is no error of this operation`]),
    ...(read('Type') === 'Sender' && read('Message') !== '' && hasId ? [] : [`an error without type, message or id`]),
  ]
}

function valueFaults(model: ServiceModel, name: string, element: XmlElement, path: string): readonly string[] {
  const shape = model.shapes[name]
  if (shape === undefined) return [`${path}: no shape ${name}`]
  if (shape.type === 'structure') return structureFaults(model, shape, element, path)
  if (shape.type === 'list') {
    const { shape: member = '', locationName = 'member' } = shape.member ?? {}
    return element.children.flatMap((child, index) =>
      child.name === locationName
        ? valueFaults(model, member, child, `${path}.${index}`)
        : [`${path}: <${child.name}> in a list of <${locationName}>`],
    )
  }
  if (element.children.length > 0) return [`${path}: elements in a ${shape.type}`]
  return isOf(shape, element.text) ? [] : [`${path}: "${element.text}" is no ${shape.type}`]
}

function structureFaults(model: ServiceModel, shape: Shape, element: XmlElement, path: string): readonly string[] {
  const members = new Map(
    Object.entries(shape.members ?? {}).map(([key, member]) => [member.locationName ?? key, member.shape]),
  )
  const missing = (shape.required ?? []).filter((required) => !element.children.some(({ name }) => name === required))
  return [
    ...missing.map((required) => `${path}: ${required} is required`),
    ...element.children.flatMap((child) => {
      const inside = members.get(child.name)
      if (inside === undefined) return [`${path}: there is no member ${child.name}`]
      return valueFaults(model, inside, child, `${path}.${child.name}`)
    }),
  ]
}

function isOf({ type, enum: choices }: Shape, text: string): boolean {
  switch (type) {
    case 'boolean':
      return text === 'true' || text === 'false'
    case 'integer':
    case 'long':
      return /^-?\d+$/.test(text)
    case 'double':
    case 'float':
      return /^-?\d+(?:\.\d+)?$/.test(text)
    case 'timestamp':
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(text)
    default:
      return choices === undefined || choices.includes(text)
  }
}
