import type { TypeTranslation } from './type-translation.ts'

export const googleSqlDatabase: TypeTranslation = {
  kind: 'sql-database',
  neutral: {
    name: { to: 'name', as: 'text' },
    charset: { to: 'charset', as: 'text' },
    collation: { to: 'collation', as: 'text' },
  },
}

/** A secret's container; its values are other resources (`…_version`). */
export const awsSecret: TypeTranslation = { kind: 'secret', labels: ['tags_all', 'tags'] }
export const googleSecret: TypeTranslation = {
  kind: 'secret',
  labels: ['effective_labels', 'labels', 'terraform_labels'],
}

/** IAM roles and users. */
export const awsIdentity: TypeTranslation = { kind: 'identity', labels: ['tags_all', 'tags'] }
export const googleServiceAccount: TypeTranslation = { kind: 'identity' }

export const awsAcmCertificate: TypeTranslation = {
  kind: 'certificate',
  neutral: { domain_name: { to: 'domain', as: 'text' }, not_after: { to: 'expiresAt', as: 'text' } },
  labels: ['tags_all', 'tags'],
}
