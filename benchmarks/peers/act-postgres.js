import { PostgresStore } from '@rotorsoft/act-pg'
import { actStore } from './act-store.js'

export async function open(connectionString) {
  const { hostname, port, pathname, username, password } = new URL(connectionString)
  const store = new PostgresStore({
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  })
  await store.seed()
  return actStore(store)
}
