import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

/** A certificate for some names or addresses, signed by nobody but itself, and its key, in PEM. */
export type SelfSigned = { readonly certificate: string; readonly key: string }

/** Makes a self-signed certificate (RFC 5280) that is valid now, for a DNS name or an IPv4 address. */
export function selfSigned(subject: string): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
  const name = sequence(tagged(0x31, sequence(oid(0x55, 0x04, 0x03), tagged(0x0c, Buffer.from(subject)))))
  const now = Date.now()
  const validity = sequence(time(now - 3_600_000), time(now + 86_400_000))
  const address = /^[\d.]+$/.test(subject)
    ? tagged(0x87, Buffer.from(subject.split('.').map(Number)))
    : tagged(0x82, Buffer.from(subject))
  const isAuthority = extension(oid(0x55, 0x1d, 0x13), sequence(tagged(0x01, Buffer.from([0xff]))))
  const names = extension(oid(0x55, 0x1d, 0x11), sequence(address))
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(isAuthority, names)),
  )
  const signature = createSign('sha256').update(body).sign(privateKey)
  const certificate = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])))
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n')
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** One value of DER: its tag, its length, its content. */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts))
const oid = (...bytes: number[]): Buffer => tagged(0x06, Buffer.from(bytes))
const extension = (id: Buffer, value: Buffer): Buffer => sequence(id, tagged(0x04, value))
const time = (at: number): Buffer =>
  tagged(0x17, Buffer.from(`${new Date(at).toISOString().replace(/\D/g, '').slice(2, 14)}Z`))
