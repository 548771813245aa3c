import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@infraledger/core'
import type { Clock } from '@infraledger/core'
import { onTestFinished } from 'vitest'
import { main } from './main.ts'

/** What one command line did. */
export type Run = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** Surroundings of one command line, where they matter. */
export type Surroundings = {
  readonly columns?: number
  readonly colours?: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** Aborts where somebody presses Ctrl-C. */
  readonly interruption?: AbortSignal
}

/** A folder of its own in which command lines run, in this process. */
export type CommandLine = {
  readonly folder: string
  run(args: readonly string[], surroundings?: Surroundings): Promise<Run>
  /** Runs one that must succeed, with --json, and answers its document. */
  json(args: readonly string[]): Promise<unknown>
  write(name: string, content: string | Uint8Array): Promise<void>
  bytes(name: string): Promise<Buffer>
}

export async function commandLine(clock: Clock = systemClock): Promise<CommandLine> {
  const folder = await mkdtemp(join(tmpdir(), 'infraledger-cli-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const run: CommandLine['run'] = async (
    args,
    { columns, colours = false, env = {}, stdin = '', interruption } = {},
  ) => {
    const written = { stdout: '', stderr: '' }
    const sink = (name: 'stdout' | 'stderr') => ({
      columns,
      colours,
      write: (text: string) => {
        written[name] += text
        return Promise.resolve(true)
      },
    })
    const code = await main(args, {
      stdout: sink('stdout'),
      stderr: sink('stderr'),
      readStdin: () => Promise.resolve(Buffer.from(stdin)),
      clock,
      ...(interruption === undefined ? {} : { interruption: () => interruption }),
      env,
      cwd: folder,
    })
    return { code, ...written }
  }
  return {
    folder,
    run,
    async json(args) {
      const { code, stdout, stderr } = await run([...args, '--json'])
      if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`)
      return JSON.parse(stdout)
    },
    write: (name, content) => writeFile(join(folder, name), content),
    bytes: (name) => readFile(join(folder, name)),
  }
}

/** A resource of a Terraform state, by its attributes. */
export function resource(
  type: string,
  name: string,
  attributes: Readonly<Record<string, unknown>>,
  dependencies: readonly string[] = [],
): unknown {
  const provider = 'provider["registry.terraform.io/hashicorp/aws"]'
  return {
    mode: 'managed',
    type,
    name,
    provider,
    instances: [{ schema_version: 1, attributes, sensitive_attributes: [], dependencies }],
  }
}

/** The text of a Terraform state. */
export function state(
  serial: number,
  resources: readonly unknown[],
  lineage = '7c9f6a51-0000-4000-8000-000000000001',
): string {
  return JSON.stringify({ version: 4, terraform_version: '1.9.5', serial, lineage, outputs: {}, resources })
}

export const PASSWORD = 'correct-horse-battery-staple'

/** A database with its security group; what differs between two states of it comes in. */
export function shop(
  serial: number,
  { retention = 7, password = PASSWORD }: { readonly retention?: number; readonly password?: string } = {},
): string {
  return state(serial, [
    resource('aws_security_group', 'web', {
      id: 'sg-1',
      arn: 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1',
      name: 'web',
    }),
    resource(
      'aws_db_instance',
      'main',
      {
        id: 'db-ABCDEFGHIJKL',
        arn: 'arn:aws:rds:eu-west-1:111122223333:db:main',
        identifier: 'main',
        resource_id: 'db-ABCDEFGHIJKL',
        engine: 'postgres',
        engine_version: '16.4',
        instance_class: 'db.t4g.small',
        allocated_storage: 20,
        backup_retention_period: retention,
        password,
      },
      ['aws_security_group.web'],
    ),
  ])
}

/** A command line with two states of the shop imported, of which the second has longer backups. */
export async function importedShop(): Promise<CommandLine> {
  const cli = await commandLine()
  await cli.write('one.tfstate', shop(1))
  await cli.write('two.tfstate', shop(2, { retention: 14 }))
  const { code, stderr } = await cli.run([
    'import',
    'terraform',
    'two.tfstate',
    'one.tfstate',
    '--environment',
    'prod',
    '--as',
    'user:ada',
  ])
  if (code !== 0) throw new Error(stderr)
  return cli
}
