import { writeFileSync } from 'node:fs'

/**
 * A vitest reporter that leaves the counts of one run in the file named by VPNEXT_COUNTS, for scripts/test.mjs.
 * A test file that could not run at all counts as one failure; a skipped test is counted, so that CI can refuse it.
 */
export default class ClosingLineReporter {
  onTestRunEnd(testModules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const testModule of testModules) {
      const before = counts.failed
      for (const test of testModule.children.allTests()) counts[test.result().state] += 1
      if (testModule.state() === 'failed' && counts.failed === before) counts.failed += 1
    }
    const file = process.env.VPNEXT_COUNTS
    if (file) writeFileSync(file, JSON.stringify(counts))
  }
}
