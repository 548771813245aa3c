/** Act keeps no metadata of a caller's but a correlation and causation. */
const meta = { correlation: 'ticket', causation: {} }

/** A store of Act, of any of its adapters, as the comparison uses it. */
export function actStore(store) {
  return {
    async append(stream, events, at) {
      const messages = events.map(({ type, data }) => ({ name: type, data }))
      await store.commit(stream, messages, meta, at === 0 ? undefined : at - 1)
    },
    async read(stream, apply) {
      await store.query(({ data }) => apply({ data }), { stream, stream_exact: true })
    },
    async readAll(apply) {
      for (let after = -1, read = -1; read !== 0;) {
        read = await store.query(
          ({ id, data }) => {
            after = id
            apply({ data })
          },
          { after, limit: 1_000 },
        )
      }
    },
    close: () => store.dispose(),
  }
}
