/**
 * One of several processes that write to a database: `node database-writer.mjs <path> add <count>` adds to a number in so many transactions,
 * waiting for the others in two ways; `… change` changes every row of a table in a transaction, says so, and stays in it until it is killed.
 */
import { Connection } from '../src/relational-store/connection.ts'

const [path = '', task = '', count = '0'] = process.argv.slice(2)
const connection = new Connection(path)
if (task === 'change') {
  connection.now(() => {
    // So little that the file itself is written before the end.
    connection.query('PRAGMA cache_size=5')
    connection.run('BEGIN IMMEDIATE')
    connection.run("UPDATE T SET V = replace(V, 'old', 'new')")
  })
  console.log('changed')
  setInterval(() => connection.inTransaction, 1000)
}
for (let at = 0; at < Number(count); at++) {
  const add = (): unknown =>
    connection.atomically(() => {
      const value = Number(connection.query('SELECT V FROM N').rows[0]?.[0])
      connection.run('UPDATE N SET V = ?', [value + 1])
    })
  if (at % 2 === 0) connection.now(add, 60_000)
  else await connection.later(add, 60_000)
}
