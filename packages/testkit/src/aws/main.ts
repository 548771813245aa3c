import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startFakeAws } from './fake-aws.ts'
import type { FakeAws } from './fake-aws.ts'
import { scaledClock } from './scaled-clock.ts'

/** Where LocalStack and moto listen, too, so that tools which know them find this server. */
const PORT = '4566'
/** RDS takes minutes to make a database; at this pace a few seconds. */
const SPEED = '60'

const USAGE = `Usage: npm run fake-cloud -- [options]

An AWS account in memory for any AWS SDK or command line: RDS, STS, security groups of EC2, CloudTrail.

  --port <number>     where it listens on 127.0.0.1 (${PORT})
  --speed <number>    how many times as fast as the clock its operations are (${SPEED})
  --region <name>     where its console makes things (eu-west-1)
  --account <digits>  (123456789012)
  --state <file>      goes on from this file, and keeps it up to date
`

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: PORT },
    speed: { type: 'string', default: SPEED },
    region: { type: 'string', default: 'eu-west-1' },
    account: { type: 'string', default: '123456789012' },
    state: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const [port, speed] = [Number(values.port), Number(values.speed)]
const isRight = Number.isInteger(port) && port >= 0 && port < 65_536 && speed > 0 && /^\d{12}$/.test(values.account)

if (values.help || !isRight) {
  ;(values.help ? process.stdout : process.stderr).write(USAGE)
  process.exitCode = values.help ? 0 : 64
} else {
  const { state } = values
  const saved = state !== undefined && existsSync(state) ? { saved: readFileSync(state, 'utf8') } : {}
  const running: { aws?: FakeAws } = {}
  const aws = await startFakeAws({
    clock: scaledClock(speed),
    port,
    region: values.region,
    account: values.account,
    onChange: () => keep(running.aws, state),
    ...saved,
  })
  running.aws = aws
  process.stdout.write(`export AWS_ENDPOINT_URL=${aws.endpoint}
export AWS_REGION=${values.region} AWS_ACCESS_KEY_ID=you AWS_SECRET_ACCESS_KEY=any

aws rds create-db-instance --db-instance-identifier orders --engine postgres --db-instance-class db.t4g.micro \\
  --master-username app --manage-master-user-password --allocated-storage 20
`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void aws.close().then(() => process.exit(0)))
}

/** Writes the account to a file, of which a reader never finds half. */
function keep(aws: FakeAws | undefined, file: string | undefined): void {
  if (aws === undefined || file === undefined) return
  writeFileSync(`${file}.new`, aws.cloud.save())
  renameSync(`${file}.new`, file)
}
