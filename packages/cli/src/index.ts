/**
 * The command line `infraledger`, to be run from a program of your own, and the type of its configuration.
 *
 * @packageDocumentation
 */
export { main } from './main.ts'
export type { Io, Sink } from './io.ts'
export type { Configuration } from './configuration.ts'
