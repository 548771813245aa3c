import { SqliteStore } from '@rotorsoft/act-sqlite'
import { actStore } from './act-store.js'

export async function open(file) {
  const store = new SqliteStore({ url: `file:${file}` })
  await store.seed()
  return actStore(store)
}
