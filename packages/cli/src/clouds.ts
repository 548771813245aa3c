import type { EnvironmentInput } from '@infraledger/core'
import { CommandError, wrongUsage } from './command-error.ts'
import type { Configuration } from './configuration.ts'
import type { Session } from './session.ts'

type Targets = NonNullable<EnvironmentInput['clouds']>

/** The configuration of what needs a cloud or a platform; refuses with `cloud-missing` where it names none. */
export async function configurationWithClouds(session: Session): Promise<Configuration> {
  const configuration = await session.configuration()
  if ((configuration.clouds?.length ?? 0) + (configuration.platforms?.length ?? 0) > 0) return configuration
  throw new CommandError(
    'cloud-missing',
    'no cloud is configured: export { clouds: [...] } as "config" from infraledger.config.ts',
    {},
  )
}

/** `<provider>/<account>/<region>`, several with commas. */
export function parseTargets(text: string): Targets {
  return text.split(',').map((part) => {
    const [provider = '', account = '', region = '', ...rest] = part.trim().split('/')
    if (provider === '' || account === '' || region === '' || rest.length > 0)
      throw wrongUsage('Write <provider>/<account>/<region>, such as aws/111122223333/eu-west-1; several with commas.')
    return { provider, account, region }
  })
}
