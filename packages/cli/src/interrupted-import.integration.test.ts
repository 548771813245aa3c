import { randomInt } from 'node:crypto'
import { statSync } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { randomNumbers } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { commandLine, resource, state } from './command-line.fixture.ts'
import type { CommandLine } from './command-line.fixture.ts'
import { startProgram } from './program.fixture.ts'

const RESOURCES = 2_500
/** Of which so many are there from the first state on. */
const FIRST = 500
const KILLS = 4
const env = { INFRALEDGER_FINGERPRINT_KEY: 'a key of the tests, so that fingerprints agree' }

/** An estate that grows, and of whose first part a tenth each is gone, replaced, changed, and renamed in code. */
function estate(serial: number): string {
  const numbers = Array.from({ length: serial === 1 ? FIRST : RESOURCES }, (_, index) => index).filter(
    (number) => serial === 1 || number % 10 !== 1,
  )
  return state(
    serial,
    numbers.map((number) => {
      const kind = number % 10
      const name = serial > 1 && kind === 2 ? `renamed${number}` : `n${number}`
      const generation = serial > 1 && kind === 3 ? 2 : 1
      const id = `sg-${generation}${String(number).padStart(16, '0')}`
      const attributes = {
        id,
        arn: `arn:aws:ec2:eu-west-1:111122223333:security-group/${id}`,
        description: kind === 4 ? `of serial ${serial}` : 'the same',
        auth_token: `secret of ${number}`,
        tags: { number: String(number), team: 'core' },
        egress: [{ cidr_blocks: ['0.0.0.0/0'], from_port: 0, to_port: number }],
      }
      return resource('aws_security_group', name, attributes, number > 4 ? [`aws_security_group.n4`] : [])
    }),
  )
}

function size(folder: string): number {
  return ['infra.db', 'infra.db-wal'].reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}

/** Runs the program until the ledger has grown by so many bytes, and kills it then; whether it was killed. */
async function runAndKill(args: readonly string[], folder: string, bytes: number): Promise<boolean> {
  const before = size(folder)
  const program = startProgram(args, folder, { env })
  const running = { ended: false }
  const outcome = program.outcome.finally(() => {
    running.ended = true
  })
  while (!running.ended && size(folder) - before < bytes) await sleep(1)
  program.process.kill('SIGKILL')
  return (await outcome).code === null
}

/** The graph without what differs between any two imports: moments and ids of imports. */
async function graphOf(cli: CommandLine): Promise<unknown> {
  const { version, nodes, edges } = (await cli.json(['graph'])) as {
    readonly version: number
    readonly nodes: readonly Readonly<Record<'id' | 'version' | 'incarnation' | 'properties' | 'ref', unknown>>[]
    readonly edges: readonly { readonly id: string }[]
  }
  return {
    version,
    nodes: nodes.map(({ id, version: of, incarnation, properties, ref }) => ({ id, of, incarnation, properties, ref })),
    edges: edges.map(({ id }) => id).toSorted(),
  }
}

const importing = (file: string) => ['import', 'terraform', file, '--environment', 'prod', '--as', 'ada']

async function estates(): Promise<CommandLine> {
  const cli = await commandLine()
  for (const serial of [1, 2]) await cli.write(`${serial}.tfstate`, estate(serial))
  expect((await cli.run(importing('1.tfstate'), { env })).code).toBe(0)
  return cli
}

/** Kills the second import up to so many times, and checks what can be seen in between; how often it was in the middle of it. */
async function interrupt(cli: CommandLine, bytes: number, random: () => number, told: string): Promise<number> {
  let interrupted = 0
  for (let kill = 1; kill <= KILLS; kill++) {
    if (!(await runAndKill(importing('2.tfstate'), cli.folder, (random() * bytes) / 4))) break
    const timeline = (await cli.json(['timeline'])) as readonly { readonly type: string }[]
    const [begun, completed] = ['ImportStarted', 'ImportCompleted'].map(
      (type) => timeline.filter((entry) => entry.type === type).length,
    )
    if (begun !== completed) interrupted += 1
    expect(await cli.json(['environments']), `after kill ${kill}; ${told}`).toMatchObject([{ graphVersion: completed }])
    expect(await cli.json(['verify'])).toMatchObject({ intact: true })
  }
  return interrupted
}

it('GRAPH 5: an import that is killed again and again comes to the graph of one that was not, and nothing of it is seen before', async () => {
  const seed = Number(process.env['INFRALEDGER_SEED'] ?? randomInt(2 ** 31))
  const [random, told] = [randomNumbers(seed), `INFRALEDGER_SEED=${seed}`]
  const cli = await estates()
  await copyFile(join(cli.folder, 'infra.db'), join(cli.folder, 'first.db'))
  const before = size(cli.folder)
  expect((await cli.run(importing('2.tfstate'), { env })).code).toBe(0)
  const bytes = size(cli.folder) - before
  const whole = await graphOf(cli)

  // Where a busy machine let the import come to its end before each kill, nothing was tried yet.
  for (let tries = 0, interrupted = 0; interrupted === 0; tries++) {
    expect(tries, `imports of which none was interrupted; ${told}`).toBeLessThan(5)
    for (const rest of ['infra.db-wal', 'infra.db-shm']) await rm(join(cli.folder, rest), { force: true })
    await copyFile(join(cli.folder, 'first.db'), join(cli.folder, 'infra.db'))
    interrupted = await interrupt(cli, bytes, random, told)
  }
  expect((await startProgram(importing('2.tfstate'), cli.folder, { env }).outcome).code).toBe(0)
  expect(await graphOf(cli), told).toEqual(whole)
  expect(await cli.json(['verify'])).toMatchObject({ intact: true })
}, 60_000)
