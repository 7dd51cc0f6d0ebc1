/**
 * The numbers of the protocol. Section numbers are those of the paper, "WireGuard: Next Generation Kernel Network
 * Tunnel", revision of June 2020 (https://www.wireguard.com/papers/wireguard.pdf).
 */

const text = (ascii: string): Uint8Array => new TextEncoder().encode(ascii)

/** Name of the Noise handshake, hashed into the first chaining key (section 5.4). */
export const CONSTRUCTION: Uint8Array = text('Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s')
/** Hashed after the construction (section 5.4). */
export const IDENTIFIER: Uint8Array = text('WireGuard v1 zx2c4 Jason@zx2c4.com')
/** Domain of the mac1 key (section 5.4.4). */
export const LABEL_MAC1: Uint8Array = text('mac1----')
/** Domain of the cookie key (section 5.4.7). */
export const LABEL_COOKIE: Uint8Array = text('cookie--')

/** Bytes of an X25519 key, of a BLAKE2s hash and of an AEAD key (section 5.4). */
export const KEY_LENGTH = 32
/** Bytes of a Poly1305 tag (section 5.4). */
export const TAG_LENGTH = 16
/** Bytes of mac1, mac2 and a cookie (sections 5.4.4 and 5.4.7). */
export const MAC_LENGTH = 16
/** Bytes of a TAI64N timestamp (section 5.4). */
export const TIMESTAMP_LENGTH = 12
/** Bytes of the nonce of a cookie reply (section 5.4.7). */
export const COOKIE_NONCE_LENGTH = 24
/** Packets are padded to a multiple of this many bytes (section 5.4.6). */
export const PADDING_MULTIPLE = 16
/** For how long a cookie, and the secret it is made from, is used, ms (section 5.4.7: two minutes). */
export const COOKIE_REFRESH_TIME = 120_000

/**
 * A new session is negotiated after this many packets. Section 6.1 says 2^60; a JavaScript number counts exactly only to
 * 2^53, and reaching even 2^52 within {@link REKEY_AFTER_TIME} would take 10^13 packets a second, so no peer can tell.
 */
export const REKEY_AFTER_MESSAGES: number = 2 ** 52
/** No packet is sent or accepted with this counter or a higher one. Section 6.1 says 2^64 − 2^13 − 1; see above. */
export const REJECT_AFTER_MESSAGES: number = 2 ** 53 - 2 ** 13 - 1
/** Age at which the initiator of a session negotiates a new one when it sends, ms (section 6.1). */
export const REKEY_AFTER_TIME = 120_000
/** Age at which a session is no longer used, ms (section 6.1). */
export const REJECT_AFTER_TIME = 180_000
/** For how long a handshake is tried again without an answer, ms (section 6.1). */
export const REKEY_ATTEMPT_TIME = 90_000
/** An initiation is sent again after this, and never sooner, ms (section 6.1). */
export const REKEY_TIMEOUT = 5_000
/** A peer that received but has not sent for this long sends an empty packet, ms (section 6.1). */
export const KEEPALIVE_TIMEOUT = 10_000
/** Keys are wiped when no new session came about for this many times {@link REJECT_AFTER_TIME} (section 6.3). */
export const ZERO_KEYS_FACTOR = 3

/**
 * For how long a session that newer ones have replaced still receives, ms: KEEPALIVE_TIMEOUT + REKEY_TIMEOUT, the time within
 * which a peer that lives is heard of with a newer one (section 6.5). The paper keeps one such session, `previous`.
 */
export const RETIRED_SESSION_TIME: number = KEEPALIVE_TIMEOUT + REKEY_TIMEOUT
/** The most such sessions of one peer; the oldest leave first. */
export const RETIRED_SESSIONS = 4

/** Greatest random delay added to {@link REKEY_TIMEOUT}, ms: a third of a second (section 6.1: "some amount of jitter"). */
export const REKEY_JITTER = 333
/** Bits of the window in which counters are remembered, a power of two (section 5.4.6 names RFC 6479; the size is ours). */
export const REPLAY_BITS = 8_192

/** The longest UDP payload, bytes: 65,535 − 20 of IPv4 − 8 of UDP. */
export const MAX_MESSAGE = 65_507

/** Least time between two initiations accepted from one peer, ms: 50 a second (section 5.1 allows such a limit). */
export const INITIATION_INTERVAL = 20
/** Handshake messages with a right mac1 within one second from which on the core is under load (section 5.3). */
export const UNDER_LOAD_MESSAGES = 250
/** For how long it then stays under load, ms. */
export const UNDER_LOAD_TIME = 1_000
/**
 * Under load, cookies given out in a second to strangers, and as many to where peers are. Each takes about 50 µs of the thread that
 * moves packets, and whoever knows our public key may ask for one; who gets none asks again after REKEY_TIMEOUT.
 */
export const COOKIES_PER_SECOND = 1_000
/** Under load, handshake messages accepted from one source in a second (section 5.3). */
export const RATE_PER_SECOND = 20
/** Under load, handshake messages accepted from one source at once. */
export const RATE_BURST = 5
/** Sources remembered by the rate limiter; more of them are refused until some fall silent. */
export const RATE_SOURCES = 8_192
/** Packets kept per peer while there is no session; the oldest leave first. */
export const STAGED_PACKETS = 128
/** Peers one interface may have. */
export const MAX_PEERS = 65_536
