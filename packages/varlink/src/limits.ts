/** The most descriptors one message may carry. */
export const maxFdsPerMessage = 16

/** The most bytes of one message without its NUL: 16 MiB. */
export const maxMessageBytes: number = 16 * 1024 * 1024

/**
 * The most values of one message that a stranger sends: members, elements, lists and objects. A config of 10,000 routes and 2,000
 * addresses, with every member that there is, has 170,000. To parse and check as many as this takes a tenth of a second.
 */
export const maxMessageValues: number = 262_144

/** The most bytes given to one sendmsg(2) and taken by one recvmsg(2); on a seqpacket socket, one record. */
export const chunkBytes: number = 64 * 1024

/**
 * How many bytes may wait behind the message that is being sent, for a reader that does not read. A message that finds
 * more than this waiting closes the connection.
 */
export const maxWaitingBytes: number = 4 * 1024 * 1024
