/* Included first everywhere: words that the device's compiler knows without a question, and that code for it uses without one. */
#ifndef VPNEXT_CLANG_WORDS_H
#define VPNEXT_CLANG_WORDS_H

#ifndef __clang__
#define _Nonnull
#define _Nullable
#define _Null_unspecified
#ifndef __has_feature
#define __has_feature(name) 0
#endif
#ifndef __has_extension
#define __has_extension(name) 0
#endif
#endif

#endif
