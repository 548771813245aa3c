import { LedgerError } from '@infraledger/core/adapter'
import { PROJECTION_VERSION } from './tables/catalogue.ts'

/** The tables are those of an older version of this package. */
export function outdated(readModels: string, version: number): LedgerError<'read-models-outdated'> {
  const versions = `version ${version}; this one writes ${PROJECTION_VERSION}`
  const message = `${readModels} was made by an older version of the projection (${versions}). Rebuild it: readers keep the old tables until the new ones are there.`
  return new LedgerError('read-models-outdated', message, { readModels, version, expected: PROJECTION_VERSION })
}

/** The tables are those of a newer version of this package. */
export function newerThanLibrary(readModels: string, version: number): LedgerError<'read-models-newer-than-library'> {
  const versions = `version ${version}; this one knows ${PROJECTION_VERSION}`
  const message = `${readModels} was made by a newer @infraledger/read-models (${versions}). Update the package.`
  return new LedgerError('read-models-newer-than-library', message, {
    readModels,
    version,
    supported: PROJECTION_VERSION,
  })
}
