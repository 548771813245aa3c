import { isLedgerError } from '@infraledger/core/adapter'
import { call } from '../../fake-cloud/call.ts'
import { isSimulatedCrash } from '../../fake-cloud/simulated-crash.ts'
import { accountOf } from '../aws-world.ts'
import type { AwsCall, AwsWorld } from '../aws-world.ts'
import { nameIn } from '../rds/arn.ts'
import { rdsOperations } from '../rds/operations.ts'
import type { FormOperation } from '../rds/operation.ts'
import { applyRenames } from '../rds/renaming.ts'
import { cloudTrailOperations } from '../services/cloud-trail.ts'
import { ec2Operations } from '../services/ec2.ts'
import { secretsManagerOperations } from '../services/secrets-manager.ts'
import { stsOperations } from '../services/sts.ts'
import { AwsError } from './aws-error.ts'
import { principalArn } from './caller.ts'
import type { Form } from './form.ts'
import type { JsonOperation } from './json-operation.ts'
import { requestParameters } from './request-parameters.ts'
import type { XmlValue } from './xml.ts'

const FORM_SERVICES: Readonly<Record<string, Readonly<Record<string, FormOperation>>>> = {
  rds: rdsOperations,
  sts: stsOperations,
  ec2: ec2Operations,
}

const JSON_SERVICES: Readonly<Record<string, Readonly<Record<string, JsonOperation>>>> = {
  cloudtrail: cloudTrailOperations,
  secretsmanager: secretsManagerOperations,
}

/** The connection is cut without an answer: what became of the call is for the caller to find out. */
export const NO_ANSWER = Symbol('no answer')

/** Serves one call of a service that speaks in forms: rds, sts, ec2. */
export async function serveForm(called: AwsCall, service: string, form: Form): Promise<XmlValue | typeof NO_ANSWER> {
  const operation = found(FORM_SERVICES[service], service, form.action)
  return recorded(called, service, form, async () => {
    mayCall(called, service, form.action)
    const about = operation.about === undefined ? undefined : form.text(operation.about)
    const subject = {
      operation: operation.effect,
      kind: 'sql-instance',
      key: called.requestId,
      ...(about === undefined ? {} : { name: nameIn('db', about) }),
    }
    return call(called.world.simulation, subject, (now, fate) => {
      applyRenames(called.world, now)
      const doomed = fate?.type === 'fail-midway'
      return { answer: operation.serve({ ...called, form, now, doomed }), effect: !isReading(form.action) }
    })
  })
}

/** Serves one call of a service that speaks JSON: cloudtrail, secretsmanager. */
export async function serveJson(
  called: AwsCall,
  service: string,
  action: string,
  input: Readonly<Record<string, unknown>>,
): Promise<object | typeof NO_ANSWER> {
  const operation = found(JSON_SERVICES[service], service, action)
  mayCall(called, service, action)
  return answered(() =>
    call(called.world.simulation, { operation: operation.effect }, (now) => ({
      answer: operation.serve({ ...called, input, now }),
      effect: false,
    })),
  )
}

function found<T>(operations: Readonly<Record<string, T>> | undefined, service: string, action: string): T {
  const operation = operations !== undefined && Object.hasOwn(operations, action) ? operations[action] : undefined
  if (operation !== undefined) return operation
  throw new AwsError(
    'InvalidAction',
    `The action ${action} is not valid for this web service (${service}), or not served here.`,
  )
}

/** Lets a call through, or refuses it for want of a right. Nobody can be refused GetCallerIdentity. */
function mayCall({ world, principal, accessKeyId }: AwsCall, service: string, action: string): void {
  if (service === 'sts') return
  const right = `${service}:${action}`
  const isDenied = world.denials.some(
    (denial) => denial.action === right && (denial.accessKeyId ?? accessKeyId) === accessKeyId,
  )
  if (!isDenied) return
  const who = principalArn(accountOf(world), principal)
  const message = `User: ${who} is not authorized to perform: ${right} on resource: * because no identity-based policy allows the ${right} action`
  if (service === 'ec2')
    throw new AwsError('UnauthorizedOperation', `You are not authorized to perform this operation. ${message}`, 403)
  if (service === 'rds') throw new AwsError('AccessDenied', message, 403)
  throw new AwsError('AccessDeniedException', message)
}

function isReading(action: string): boolean {
  return /^(?:Describe|List|Get|Lookup)/.test(action)
}

/** Keeps what was called in the trail, whatever came of it. */
async function recorded<T>(
  called: AwsCall,
  service: string,
  form: Form,
  serve: () => Promise<T>,
): Promise<T | typeof NO_ANSWER> {
  try {
    const answer = await answered(serve)
    note(called, service, form)
    return answer
  } catch (error) {
    if (error instanceof AwsError) note(called, service, form, { code: error.code, message: error.message })
    throw error
  }
}

function note(called: AwsCall, service: string, form: Form, error?: { code: string; message: string }): void {
  const { world, requestId, region, principal, userAgent, sourceIpAddress } = called
  const name = form.text('DBInstanceIdentifier') ?? form.text('DBSnapshotIdentifier') ?? form.text('ResourceName')
  world.trail.push({
    id: requestId,
    at: Math.max(world.simulation.world.time, world.simulation.clock.now().getTime()),
    source: `${service}.amazonaws.com`,
    name: form.action,
    region,
    principal,
    sourceIpAddress,
    userAgent,
    readOnly: isReading(form.action),
    request: requestParameters(form),
    resources: name === undefined ? [] : [{ type: 'AWS::RDS::DBInstance', name: nameIn('db', name) }],
    ...(error === undefined ? {} : { error }),
  })
}

/** What the fake cloud's own errors are on the wire. */
async function answered<T>(serve: () => Promise<T>): Promise<T | typeof NO_ANSWER> {
  try {
    return await serve()
  } catch (error) {
    if (isLedgerError(error, 'cloud-outcome-unknown') || isSimulatedCrash(error)) return NO_ANSWER
    if (isLedgerError(error, 'cloud-retryable')) throw new AwsError('Throttling', 'Rate exceeded')
    if (isLedgerError(error, 'cloud-refused')) throw new AwsError('InvalidParameterValue', error.details.reason)
    throw error
  }
}

/** Whether the world knows who calls, and the session is not over. */
export function checkCaller(world: AwsWorld, accessKeyId: string): void {
  if (world.expired.has(accessKeyId))
    throw new AwsError('ExpiredToken', 'The security token included in the request is expired', 403)
}
