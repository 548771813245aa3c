/**
 * An AWS account in memory behind a real socket, for any SDK or command line: RDS, STS, security groups of EC2, CloudTrail.
 *
 * @packageDocumentation
 */
export { startFakeAws } from './fake-aws.ts'
export type { FakeAws, FakeAwsOptions } from './fake-aws.ts'
export type { Denial } from './aws-world.ts'
export type { AwsPrincipal } from './wire/caller.ts'
export type { TrailEvent } from './wire/trail.ts'
export { whenSocketsQuiet } from './quiet-sockets.ts'
