/**
 * thread-start.cjs of the host image: node runs it before anything else in every thread. Those that extension code begins
 * get the kits by thread.cjs; the first has stage 2.
 */
module.exports = require('node:worker_threads').isMainThread ? {} : require('./thread.cjs')
