import { compareVersions } from '../../fake-cloud/kinds/engine-version.ts'
import { items } from '../wire/xml.ts'
import type { FormOperation } from './operation.ts'
import { pageOf } from './pages.ts'

/** A few versions of each engine, as there might be; not what RDS has today. */
const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  postgres: ['15.4', '15.8', '16.4', '16.6', '17.4', '17.6', '18.1'],
  mysql: ['8.0.36', '8.0.40', '8.4.4', '8.4.5'],
}

/** The versions of an engine that an instance can be upgraded to: later ones, at most two majors ahead. */
export function upgradeTargets(
  engine: string,
  from: string,
): readonly { readonly version: string; readonly isMajor: boolean }[] {
  const later = (VERSIONS[engine] ?? []).filter((version) => compareVersions(version, from) > 0)
  const majors = [...new Set(later.map(majorOf).filter((major) => major !== majorOf(from)))]
  return later
    .filter((version) => majorOf(version) === majorOf(from) || majors.indexOf(majorOf(version)) < 2)
    .map((version) => ({ version, isMajor: majorOf(version) !== majorOf(from) }))
}

/** The part of a version that is major: PostgreSQL counts in the first number, MySQL in the first two. */
export function majorOf(version: string): string {
  const [first = '', second = ''] = version.split('.')
  return Number(first) >= 10 ? first : `${first}.${second}`
}

/** Which versions there are, and where they lead. */
export const engineVersionOperations: Readonly<Record<string, FormOperation>> = {
  DescribeDBEngineVersions: {
    effect: 'observe',
    serve({ form, world }) {
      const [engine, wanted] = [form.text('Engine'), form.text('EngineVersion')]
      const all = Object.entries(VERSIONS).flatMap(([name, versions]) => versions.map((version) => ({ name, version })))
      const found = all.filter(
        (one) => (engine === undefined || one.name === engine) && (wanted === undefined || one.version === wanted),
      )
      const { page, marker } = pageOf(
        found,
        form,
        ({ name, version }) => `${name} ${version}`,
        world.simulation.settings.pageSize,
      )
      return {
        Marker: marker,
        DBEngineVersions: items(
          'DBEngineVersion',
          page.map(({ name, version }) => ({
            Engine: name,
            EngineVersion: version,
            DBParameterGroupFamily: `${name}${majorOf(version)}`,
            ValidUpgradeTarget: items(
              'UpgradeTarget',
              upgradeTargets(name, version).map((target) => ({
                Engine: name,
                EngineVersion: target.version,
                AutoUpgrade: false,
                IsMajorVersionUpgrade: target.isMajor,
              })),
            ),
          })),
        ),
      }
    },
  },
}
