import type { Checkpoint } from '../audit/checkpoint.ts'
import type { EventProof } from '../audit/event-proof.ts'
import type { PeriodReport } from '../audit/period-report/period-report.ts'
import type { IntegrityReport } from '../audit/verify.ts'
import { makeCheckpoint } from './make-checkpoint.ts'
import type { CheckpointOptions } from './make-checkpoint.ts'
import { proveEvent } from './prove-event.ts'
import type { EventReference, ProofOptions } from './prove-event.ts'
import { reportPeriod } from './period-report.ts'
import type { ReportOptions } from './period-report.ts'
import type { LedgerServices } from './services.ts'
import { verifyLedger } from './verify-ledger.ts'
import type { VerifyOptions } from './verify-ledger.ts'

/** What shows others that the record was not touched. */
export interface IntegrityMethods {
  /**
   * Checks every event of the store, one by one: columns, order and hash chain, and names the first that does not fit. With a checkpoint that was
   * kept elsewhere it also finds what a chain cannot show: an end that was cut off, a history that was written anew, events of different
   * streams that changed places. Throws `input-invalid`, `checkpoint-untrusted` for one that is signed by none of the `keys`, and with
   * `sinceCheckpoint` `checkpoint-mismatch`.
   *
   * @example
   * const { intact, problem, checkpoint } = await ledger.verify({ checkpoint: parseCheckpoint(JSON.parse(text)), keys: [publicKey] })
   */
  verify(options?: VerifyOptions): Promise<IntegrityReport>
  /**
   * A checkpoint of everything up to now, to be kept where this ledger’s administrators cannot write. With the previous one it costs what was
   * appended since. Throws `ledger-not-intact`, `checkpoint-mismatch`, `checkpoint-untrusted`, `input-invalid`.
   *
   * @example
   * const checkpoint = await ledger.checkpoint({ signers: [ed25519Signer({ privateKey })] })
   */
  checkpoint(options?: CheckpointOptions): Promise<Checkpoint>
  /**
   * A proof that an event is in the ledger, which `verifyProof` checks with a public key and nothing else. Throws `event-not-found`,
   * `checkpoint-mismatch`, `checkpoint-untrusted`, `input-invalid`.
   */
  proof(event: EventReference, options: ProofOptions): Promise<EventProof>
  /**
   * What happened in a period: each change with commit, ticket, requester and approvers, each adopted drift with who reviewed it, each scan. The whole
   * ledger is verified before; `reportCsv` and `reportHtml` make files of it. Throws `input-invalid`, `environment-not-found`, `checkpoint-untrusted`.
   *
   * @example
   * const report = await ledger.report({ from: new Date('2026-01-01'), to: new Date('2026-04-01') })
   * for await (const text of reportHtml(report)) file.write(text)
   */
  report(options: ReportOptions): Promise<PeriodReport>
}

/** The record as a whole, for auditors. */
export function integrityMethods({ store, clock }: LedgerServices): IntegrityMethods {
  return {
    verify: (options) => verifyLedger(store, options),
    checkpoint: (options) => makeCheckpoint(store, clock.now(), options),
    proof: (event, options) => proveEvent(store, event, options),
    report: (options) => reportPeriod(store, clock.now(), options),
  }
}
