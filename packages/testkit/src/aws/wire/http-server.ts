import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AwsCall, AwsWorld } from '../aws-world.ts'
import { AwsError } from './aws-error.ts'
import { readSignature } from './caller.ts'
import type { Signature } from './caller.ts'
import { readForm } from './form.ts'
import { checkCaller, NO_ANSWER, serveForm, serveJson } from './serve.ts'
import { xmlDocument } from './xml.ts'
import type { XmlValue } from './xml.ts'

/** Largest request that is read. */
const BODY_LIMIT_BYTES = 1_048_576

const NAMESPACES: Readonly<Record<string, string>> = {
  rds: 'http://rds.amazonaws.com/doc/2014-10-31/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  ec2: 'http://ec2.amazonaws.com/doc/2016-11-15/',
}

/** What goes out: a status, a content type and a body. */
type Answer = { readonly status: number; readonly type: string; readonly body: string }

/** The HTTP side of the server: which service is meant, in which protocol, and how answers and errors are written. */
export function awsHttpServer(world: AwsWorld): Server {
  return createServer((request, response) => {
    const requestId = randomUUID()
    answer(world, request, requestId).then(
      (answered) => send(response, requestId, answered),
      (error: unknown) => {
        // A defect of this server; its caller is told as AWS tells of its own.
        send(response, requestId, {
          status: 500,
          type: 'text/plain',
          body: error instanceof Error ? error.message : 'failed',
        })
      },
    )
  })
}

async function answer(
  world: AwsWorld,
  request: IncomingMessage,
  requestId: string,
): Promise<Answer | typeof NO_ANSWER> {
  const body = await bodyOf(request)
  const target = header(request, 'x-amz-target')
  let signature: Signature = { accessKeyId: '', region: world.home.region, service: target === undefined ? 'rds' : '' }
  try {
    signature = readSignature(header(request, 'authorization'))
    checkCaller(world, signature.accessKeyId)
    const called = callOf(world, request, requestId, signature)
    if (target !== undefined) return await answerJson(called, signature.service, target, body)
    return await answerForm(called, signature.service, body)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return target === undefined ? xmlError(signature.service, requestId, error) : jsonError(error)
  }
}

function callOf(
  world: AwsWorld,
  request: IncomingMessage,
  requestId: string,
  { accessKeyId, region }: Signature,
): AwsCall {
  return {
    world,
    requestId,
    region,
    accessKeyId,
    principal: world.principals.get(accessKeyId) ?? { type: 'user', name: accessKeyId },
    userAgent: header(request, 'user-agent') ?? '',
    sourceIpAddress: request.socket.remoteAddress ?? '127.0.0.1',
  }
}

async function answerForm(called: AwsCall, service: string, body: string): Promise<Answer | typeof NO_ANSWER> {
  const form = readForm(body)
  const result = await serveForm(called, service, form)
  if (result === NO_ANSWER) return NO_ANSWER
  const { action } = form
  const { requestId } = called
  const inside: XmlValue =
    service === 'ec2'
      ? { requestId, ...objectOf(result) }
      : {
          ...(result === undefined ? {} : { [`${action}Result`]: result }),
          ResponseMetadata: { RequestId: requestId },
        }
  return { status: 200, type: 'text/xml', body: xmlDocument(`${action}Response`, NAMESPACES[service], inside) }
}

function objectOf(value: XmlValue): { readonly [element: string]: XmlValue } {
  return typeof value === 'object' && !(value instanceof Date) && !('isList' in value) ? value : {}
}

async function answerJson(
  called: AwsCall,
  service: string,
  target: string,
  body: string,
): Promise<Answer | typeof NO_ANSWER> {
  const action = target.split('.').at(-1) ?? ''
  const input: unknown = JSON.parse(body === '' ? '{}' : body)
  const result = await serveJson(
    called,
    service,
    action,
    typeof input === 'object' && input !== null ? { ...input } : {},
  )
  if (result === NO_ANSWER) return NO_ANSWER
  return { status: 200, type: 'application/x-amz-json-1.1', body: JSON.stringify(result) }
}

function xmlError(service: string, requestId: string, { code, message, status }: AwsError): Answer {
  const error = { Code: code, Message: message }
  const body =
    service === 'ec2'
      ? xmlDocument('Response', undefined, { Errors: { Error: error }, RequestID: requestId })
      : xmlDocument('ErrorResponse', NAMESPACES[service] ?? NAMESPACES['rds'], {
          Error: { Type: status < 500 ? 'Sender' : 'Receiver', ...error },
          RequestId: requestId,
        })
  return { status, type: 'text/xml', body }
}

function jsonError({ code, message, status }: AwsError): Answer {
  return { status, type: 'application/x-amz-json-1.1', body: JSON.stringify({ __type: code, message }) }
}

function send(response: ServerResponse, requestId: string, answered: Answer | typeof NO_ANSWER): void {
  if (answered === NO_ANSWER) {
    response.socket?.destroy()
    return
  }
  const { status, type, body } = answered
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': requestId,
  })
  response.end(body)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const piece: Buffer = Buffer.from(chunk)
    bytes += piece.length
    if (bytes > BODY_LIMIT_BYTES) throw new Error(`a request of more than ${BODY_LIMIT_BYTES} bytes`)
    chunks.push(piece)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}
