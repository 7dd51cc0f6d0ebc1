// Repairs what a journal tells, as a service does when it starts, and prints the report. Plain JavaScript on the built
// packages, because it is a process of its own. Argument: JSON {settings, directory, keepsClosed}.
import { openJournal, repair } from '@vpnext/network'

const { settings, directory, keepsClosed = false } = JSON.parse(process.argv[2])
const options = { keepsClosed: () => keepsClosed }
console.log(JSON.stringify(await repair(openJournal(directory, settings), settings, options)))
