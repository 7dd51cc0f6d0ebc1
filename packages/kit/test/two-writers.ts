/**
 * One of several processes that write the same preferences: `node two-writers.mjs <path> <key> <count>`. Puts 1 to count
 * under its own key, flushing each in one of three ways, and prints what others have flushed of theirs by then.
 */
import { PreferencesStore } from '../src/preferences/preferences-store.ts'

const [path = '', key = '', count = '0'] = process.argv.slice(2)
const store = new PreferencesStore(path)
for (let value = 1; value <= Number(count); value++) {
  store.set(key, value)
  if (value % 3 === 0) store.flushNow()
  else await store.flush()
  if (store.get(key) !== value) throw new Error(`${key} is not ${value}`)
}
console.log(JSON.stringify(Object.fromEntries(store.all())))
