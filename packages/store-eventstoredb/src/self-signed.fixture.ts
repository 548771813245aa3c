import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** A key, and a certificate of its own for localhost (X.509 in PEM), made anew each time. */
export function selfSigned(): { readonly key: Buffer; readonly certificate: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from('localhost')))))
  const validity = sequence(time('20200101000000Z'), time('20990101000000Z'))
  const authority = extension([0x55, 0x1d, 0x13], sequence(der(0x01, Buffer.of(0xff))))
  const names = extension([0x55, 0x1d, 0x11], sequence(der(0x82, Buffer.from('localhost'))))
  const content = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ECDSA_SHA256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(authority, names)),
  )
  const signature = der(0x03, Buffer.concat([Buffer.of(0), sign('sha256', content, privateKey)]))
  const base64 = sequence(content, ECDSA_SHA256, signature).toString('base64')
  return {
    key: Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    certificate: Buffer.from(`-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`),
  }
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...size), content])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

const oid = (...bytes: readonly number[]): Buffer => der(0x06, Buffer.of(...bytes))
const time = (text: string): Buffer => der(0x18, Buffer.from(text))
const extension = (id: readonly number[], value: Buffer): Buffer => sequence(oid(...id), der(0x04, value))
const ECDSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
