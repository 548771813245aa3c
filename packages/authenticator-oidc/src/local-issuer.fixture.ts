import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { CryptoKey, JWK } from 'jose'

/** What it answers with instead of its documents, by path. */
export type Answer = {
  readonly status?: number
  readonly body?: string
  readonly location?: string
  readonly hangs?: boolean
}

/** An issuer on this machine, over real HTTP. */
export type LocalIssuer = {
  readonly url: string
  /** How often its keys were read. */
  readonly keyReads: () => number
  /** Replaces its key by a new one. */
  readonly rotate: (kid: string) => Promise<void>
  /** A token of its present key: ada's, for `infraledger`, good for five minutes from `now`. */
  readonly token: (
    claims?: Readonly<Record<string, unknown>>,
    header?: { readonly kid?: string; readonly key?: CryptoKey },
  ) => Promise<string>
  readonly publicKey: () => JWK
  readonly answers: Map<string, Answer>
  readonly close: () => Promise<void>
}

export async function localIssuer(now: () => Date): Promise<LocalIssuer> {
  const answers = new Map<string, Answer>()
  let keyReads = 0
  let kid = 'first'
  let { publicKey, privateKey } = await generateKeyPair('RS256')
  let jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }

  const server = createServer((request, response) => {
    const path = request.url ?? ''
    if (path === '/keys') keyReads++
    const { status = 200, body, location, hangs } = answers.get(path) ?? {}
    if (hangs === true) return
    const documents: Readonly<Record<string, object>> = {
      '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/keys` },
      '/keys': { keys: [jwk] },
    }
    response.writeHead(path in documents ? status : 404, {
      'content-type': 'application/json',
      ...(location === undefined ? {} : { location }),
    })
    response.end(body ?? JSON.stringify(documents[path] ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address with one.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url,
    answers,
    keyReads: () => keyReads,
    publicKey: () => jwk,
    async rotate(next) {
      kid = next
      ;({ publicKey, privateKey } = await generateKeyPair('RS256'))
      jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }
    },
    token(claims = {}, header = {}) {
      const seconds = Math.floor(now().getTime() / 1_000)
      const usual = { iss: url, aud: 'infraledger', sub: 'ada', iat: seconds, exp: seconds + 300 }
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: header.kid ?? kid })
        .sign(header.key ?? privateKey)
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
