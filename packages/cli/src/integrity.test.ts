import { chmod, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { commandLine, importedShop, shop } from './command-line.fixture.ts'
import type { CommandLine } from './command-line.fixture.ts'

/** Runs one that must succeed. */
async function done(cli: CommandLine, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli.run(args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

/** A shop with keys, a signed checkpoint, and one import after it. */
async function checkpointed(): Promise<CommandLine> {
  const cli = await importedShop()
  await done(cli, 'keygen', 'signer')
  await done(cli, 'checkpoint', '--sign', 'signer.pem', '--name', 'shop', '--out', 'one.json')
  await cli.write('three.tfstate', shop(3, { retention: 21 }))
  await cli.run(['import', 'terraform', 'three.tfstate', '--env', 'prod', '--as', 'ada'])
  return cli
}

/** Does something to the file, as whoever has another tool and puts the guards back. */
function tamper(cli: CommandLine, sql: string): void {
  const database = new DatabaseSync(join(cli.folder, 'infra.db'))
  const guards = database.prepare(`select name, sql from sqlite_schema where type = 'trigger'`).all()
  for (const { name } of guards) database.exec(`drop trigger "${String(name)}"`)
  database.exec(sql)
  for (const { sql: guard } of guards) database.exec(String(guard))
  database.close()
}

const against = ['verify', '--checkpoint', 'one.json', '--key', 'signer.pub.pem']

describe('checkpoints on the command line', () => {
  it('AUDIT 13: keys are made for their owner alone, and never replaced', async () => {
    const cli = await commandLine()
    expect(await done(cli, 'keygen', 'signer')).toMatch(/The key is sha256:[0-9a-f]{64}\.\n$/)
    expect((await stat(join(cli.folder, 'signer.pem'))).mode & 0o777).toBe(0o600)
    expect((await cli.bytes('signer.pub.pem')).toString()).toMatch(/^-----BEGIN PUBLIC KEY-----\n/)
    const before = await cli.bytes('signer.pem')
    const { code, stderr } = await cli.run(['keygen', 'signer'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('keys are not replaced') })
    expect(await cli.bytes('signer.pem')).toEqual(before)
  })

  it('AUDIT 14: a ledger holds against its checkpoint, until its end is cut off', async () => {
    const cli = await checkpointed()
    expect(await done(cli, ...against)).toMatch(
      /^Intact: \d+ events in 1 stream\nHolds against the checkpoint of shop of \S+, \d+ events, signed by sha256:/,
    )
    const { checkpoint } = JSON.parse((await cli.bytes('one.json')).toString()) as { checkpoint: { events: number } }
    expect(await cli.json(against)).toMatchObject({
      intact: true,
      checkpoint: { holds: true, events: checkpoint.events },
    })
    tamper(cli, `delete from events where position >= ${checkpoint.events}`)
    expect((await cli.run(['verify'])).code).toBe(0)
    const { code, stdout } = await cli.run(against)
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^Not intact: .*every chain is whole\nDoes not hold against .*:\n {2}cut-off: environment-prod ends at revision \d+/,
    )
  })

  it('AUDIT 15: the next checkpoint goes on from the one before, and shows when one between is missing', async () => {
    const cli = await checkpointed()
    const next = ['checkpoint', '--sign', 'signer.pem', '--since']
    expect(await done(cli, ...next, 'one.json', '--out', 'two.json')).toMatch(
      /^Wrote two\.json: \d+ events in 1 stream, digest [0-9a-f]{64}, signed by sha256:/,
    )
    await done(cli, ...next, 'two.json', '--out', 'three.json')
    const verify = (newer: string, older: string) => [
      'verify',
      '--checkpoint',
      newer,
      '--previous',
      older,
      '--key',
      'signer.pub.pem',
    ]
    await done(cli, ...verify('three.json', 'two.json'))
    const { code, stderr } = await cli.run(verify('three.json', 'one.json'))
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('one between them is missing') })
    expect(await done(cli, ...against, '--since-checkpoint')).toMatch(
      /Taken as it is, not checked: \d+ events up to position \d+/,
    )
  })

  it('AUDIT 13: a checkpoint of somebody else, or of nobody, is told or refused', async () => {
    const cli = await checkpointed()
    await done(cli, 'keygen', 'other')
    const refused = await cli.run(['verify', '--checkpoint', 'one.json', '--key', 'other.pub.pem', '--json'])
    expect(refused.code).toBe(1)
    expect(JSON.parse(refused.stderr)).toMatchObject({
      error: { code: 'checkpoint-untrusted', details: { reason: 'key-unknown' } },
    })
    expect((await cli.run(['verify', '--checkpoint', 'one.json'])).stderr).toContain('anybody may have made')
    expect((await cli.run(['checkpoint', '--out', 'unsigned.json'])).stderr).toContain('is not signed')
    expect((await cli.run(['verify', '--checkpoint', 'unsigned.json', '--key', 'signer.pub.pem'])).code).toBe(1)
    const both = Buffer.concat([await cli.bytes('other.pub.pem'), await cli.bytes('signer.pub.pem')])
    await cli.write('keys.pem', both)
    await done(cli, 'verify', '--checkpoint', 'one.json', '--key', 'keys.pem')
  })

  it('AUDIT 13: the private key comes from a file or the environment, is never shown, and a file that others may read is told', async () => {
    const cli = await checkpointed()
    const key = (await cli.bytes('signer.pem')).toString()
    const env = { INFRALEDGER_SIGNING_KEY: key }
    const signed = await cli.run(['checkpoint'], { env })
    expect({ code: signed.code, stderr: signed.stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(signed.stdout)).toMatchObject({ signatures: [{ algorithm: 'Ed25519' }] })
    const wrong = await cli.run(['checkpoint'], { env: { INFRALEDGER_SIGNING_KEY: key.slice(0, 60) } })
    expect(wrong).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.not.stringContaining(key.split('\n')[1]?.slice(0, 20) ?? ''),
    })
    await chmod(join(cli.folder, 'signer.pem'), 0o644)
    const open = await cli.run(['checkpoint', '--sign', 'signer.pem'])
    expect(open.stderr).toBe(
      'infraledger: others may read the private key signer.pem; "chmod 600 signer.pem" keeps it to its owner\n',
    )
  })

  it.each<[args: string[], hint: string]>([
    [['verify', '--key', 'signer.pub.pem'], 'are for a --checkpoint'],
    [['verify', '--since-checkpoint'], 'are for a --checkpoint'],
    [['verify', '--proof', 'p.json'], 'give --key'],
    [['verify', '--proof', 'p.json', '--key', 'signer.pub.pem', '--checkpoint', 'one.json'], 'brings its checkpoint'],
    [['proof', 'x'], '--checkpoint'],
    [['report', '--from', '2026-01-01'], '--to'],
    [['report', '--from', '2026-01-01', '--to', '2026-04-01', '--json'], 'a form of its own'],
    [['report', '--from', '2026-01-01', '--to', '2026-04-01', '--key', 'signer.pub.pem'], 'is for a --checkpoint'],
  ])('CLI 2: %j is wrong usage', async (args, hint) => {
    const { code, stderr } = await (await checkpointed()).run(args)
    expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringContaining(hint) })
  })

  it('names the file that is no checkpoint', async () => {
    const cli = await checkpointed()
    const { code, stderr } = await cli.run(['verify', '--checkpoint', 'one.tfstate'])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('one.tfstate: checkpoint is not valid'),
    })
  })
})

describe('proofs on the command line', () => {
  it('AUDIT 16: a third party checks the proof of one event with the public key, where there is no ledger', async () => {
    const cli = await checkpointed()
    await done(
      cli,
      'proof',
      'environment-prod@2',
      '--checkpoint',
      'one.json',
      '--key',
      'signer.pub.pem',
      '--out',
      'event.json',
    )
    const third = await commandLine()
    for (const file of ['event.json', 'signer.pub.pem']) await third.write(file, await cli.bytes(file))
    const check = ['verify', '--proof', 'event.json', '--key', 'signer.pub.pem']
    expect(await done(third, ...check)).toMatch(
      /^Proven: \w+, revision 2 of environment-prod, recorded at \S+\nIt was in shop when/,
    )
    expect(await third.json(check)).toMatchObject({
      proven: true,
      event: { stream: 'environment-prod', revision: 2, position: '3' },
    })
    const forged = (await third.bytes('event.json')).toString().replaceAll('\\"ada\\"', '\\"eve\\"')
    await third.write('event.json', forged)
    const { code, stdout } = await third.run(check)
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: 'Not proven: the event does not have the content that its hash was made of: it was changed.\n',
    })
  })

  it('AUDIT 16: an event that the checkpoint does not cover needs a newer one', async () => {
    const cli = await checkpointed()
    const { heads } = (await cli.json(['verify'])) as { heads: Record<string, { revision: number }> }
    const last = heads['environment-prod']?.revision
    const { code, stderr } = await cli.run(['proof', `environment-prod@${last}`, '--checkpoint', 'one.json'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('with a newer checkpoint') })
  })
})

describe('reports on the command line', () => {
  const always = ['report', '--from', '2020-01-01', '--to', '2100-01-01']

  it('AUDIT 17: changes of a period are told as CSV, HTML or JSON, with the checkpoint that they were verified against', async () => {
    const cli = await checkpointed()
    const csv = await done(cli, ...always, '--checkpoint', 'one.json', '--key', 'signer.pub.pem')
    expect(csv).toMatch(/^"record","recorded at",/)
    expect(csv).toContain('It holds against the checkpoint of shop')
    expect(csv).toContain('import of one.tfstate')
    expect(csv.endsWith('\r\n')).toBe(true)
    expect(await done(cli, ...always, '--format', 'html', '--out', 'q.html')).toBe('Wrote q.html.\n')
    expect((await cli.bytes('q.html')).toString()).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/)
    const lines = (await done(cli, ...always, '--format', 'json')).trimEnd().split('\n')
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ record: 'end', rows: lines.length - 2 })
    expect(await done(cli, 'report', '--from', '2020-01-01', '--to', '2020-02-01')).not.toContain('\r\n"change"')
  })

  it('AUDIT 17: a report of a ledger that is not intact is written, says so, and ends with 1', async () => {
    const cli = await checkpointed()
    tamper(cli, `update events set data = replace(data, 'db.t4g.small', 'db.t4g.large')`)
    const { code, stdout } = await cli.run([...always, '--out', 'q.csv'])
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: 'Wrote q.csv. The ledger is not intact: the report says where it ends.\n',
    })
    expect((await cli.bytes('q.csv')).toString()).toContain('THE LEDGER IS NOT INTACT.')
  })
})

describe('reviews on the command line', () => {
  it('AUDIT 18: adopted drift is reviewed by its version, and the list tells by whom', async () => {
    const cli = await commandLine()
    const answer = (retention: number) =>
      JSON.stringify({
        DBInstances: [
          {
            DBInstanceIdentifier: 'orders',
            DBInstanceArn: 'arn:aws:rds:eu-west-1:111122223333:db:orders',
            DbiResourceId: 'db-ABCDEFGHIJKL',
            DBInstanceStatus: 'available',
            DBInstanceClass: 'db.t4g.small',
            Engine: 'postgres',
            EngineVersion: '16.4',
            AllocatedStorage: 20,
            BackupRetentionPeriod: retention,
          },
        ],
      })
    await cli.write('monday.json', answer(7))
    await cli.write('tuesday.json', answer(14))
    await cli.run(['import', 'rds', 'monday.json', 'tuesday.json', '--environment', 'prod', '--as', 'ada'])
    const { adopted } = (await cli.json(['drift'])) as { adopted: { node: string; version: number }[] }
    const { node = '', version = 0 } = adopted[0] ?? {}
    const review = ['review-drift', node, String(version), '--comment', 'longer for the audit, OPS-12', '--as', 'ada']
    expect(await done(cli, ...review)).toBe(`The drift that version ${version} of ${node} adopted is reviewed.\n`)
    expect(await done(cli, 'drift')).toMatch(/VERSION +REVIEWED BY\n.* user ada/)
    expect(await done(cli, 'report', '--from', '2020-01-01', '--to', '2100-01-01')).toContain(
      'longer for the audit, OPS-12',
    )
    expect((await cli.run(['review-drift', node, '99', '--comment', 'x', '--as', 'ada'])).stderr).toContain(
      'adopted no drift',
    )
  })
})
