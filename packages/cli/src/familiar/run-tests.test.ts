import type { VarlinkClient } from '@vpnext/varlink'
import { expect, test } from 'vitest'
import { recordingContext } from '../../test/recording-context.ts'
import { ReportReader } from './junit.ts'
import { runTests } from './run-tests.ts'

test('what a bundle reports does not steer the terminal; the report is what it said', async () => {
  const context = recordingContext()
  const reader = new ReportReader()
  const text =
    'OHOS_REPORT_STATUS: class=a\u001b[2J\nOHOS_REPORT_STATUS: test=b\u202e\nOHOS_REPORT_STATUS_CODE: 1\n\n'
  const client: Pick<VarlinkClient, 'stream'> = {
    stream: async function* reports() {
      await Promise.resolve()
      for (const parameters of [{ text }, { result: { code: 0, message: 'done' } }])
        yield { parameters, continues: true, fds: [] } as never
    },
  }
  await runTests(
    client as VarlinkClient,
    context,
    { bundleName: 'com.example.a', parameters: {} } as never,
    reader,
    context.signal,
  )
  expect(context.output()).toBe(
    text.replace('\u001b', String.raw`\x1b`).replace('\u202e', String.raw`\u202e`),
  )
  expect(reader.running).toMatchObject({ suite: 'a\u001b[2J', name: 'b\u202e' })
})
