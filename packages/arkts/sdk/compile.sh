#!/bin/sh
# Runs a compiler (the first argument) without the options that only the device's own, clang with lld and libc++, knows, or
# that are for another processor; and without what asks for warnings, because other compilers know others by other names.
# What turns one off stays: to some compilers it is an error else.
set -f
skipped=
for argument do
    shift
    if [ -n "$skipped" ]; then
        skipped=
        continue
    fi
    case $argument in
        -Wl,*)
            kept=
            beside=
            IFS=,
            for part in ${argument#-Wl,}; do
                if [ -n "$beside" ]; then
                    beside=
                    continue
                fi
                case $part in
                    -mllvm) beside=1 ;;
                    --fatal-warnings | --icf=* | --pack-dyn-relocs=* | --no-rosegment | --color-diagnostics*) ;;
                    --thinlto-* | --lto-* | --threads* | --gdb-index | --error-limit=* | --time-trace*) ;;
                    --no-call-graph-profile-sort | --call-graph-* | --fix-cortex-* | --execute-only) ;;
                    --use-android-relr-tags | -Bsymbolic-non-weak* | -plugin-opt* | --plugin-opt*) ;;
                    *) kept=$kept,$part ;;
                esac
            done
            unset IFS
            [ -z "$kept" ] || set -- "$@" "-Wl$kept"
            ;;
        -Wno-error=*) set -- "$@" "-Wno-${argument#-Wno-error=}" ;;
        -Wa,* | -Wp,* | -Wno-*) set -- "$@" "$argument" ;;
        -W* | -pedantic-errors) ;;
        -Xclang | -mllvm | -target) skipped=1 ;;
        -Qunused-arguments | --target=* | --gcc-toolchain=* | -stdlib=* | --rtlib=* | -rtlib=* | --unwindlib=*) ;;
        -fuse-ld=lld | -flto=* | -fno-addrsig | -fcolor-diagnostics | -fansi-escape-codes | -ferror-limit=*) ;;
        -fdiagnostics-* | -fno-limit-debug-info | -fstandalone-debug | -gline-tables-only) ;;
        -femulated-tls | -fno-emulated-tls | -fintegrated-as | -fno-integrated-as | -fwhole-program-vtables) ;;
        -fsanitize-trap* | -fno-sanitize-trap* | -fsanitize-cfi-* | -fsanitize-ignorelist=* | -fsanitize-blacklist=*) ;;
        -fsanitize=*cfi* | -fno-sanitize=*cfi* | -fsanitize=safe-stack | -fsanitize-minimal-runtime) ;;
        -fsanitize=shadow-call-stack | -fsanitize=integer* | -fsanitize=memory | -fsanitize=scudo | -fsanitize=memtag*) ;;
        -fexperimental-* | -fvisibility-global-* | -fsplit-lto-unit | -fno-split-lto-unit | -fno-strict-return) ;;
        -fvectorize | -fno-vectorize | -fslp-vectorize | -fno-slp-vectorize | -finline-hint-functions) ;;
        -fcoroutines-ts | -fstack-size-section | -fcomplete-member-pointers | -fno-complete-member-pointers) ;;
        -ffp-model=* | -fno-spell-checking | -fmacro-backtrace-limit=* | -fprofile-instr-* | -fcoverage-mapping) ;;
        -fno-elide-type | -frelaxed-template-template-args | -fpch-* | -fno-c++-static-destructors) ;;
        -fforce-enable-int128 | -enable-trivial-auto-var-init-zero-*) ;;
        -D__MUSL__*) ;;
        -march=armv* | -mcpu=* | -mtune=cortex-* | -mfpu=* | -mfloat-abi=* | -mbranch-protection=* | -moutline-atomics | -mno-outline-atomics)
            # Projects for phones alone say this of all their code.
            case $(uname -m) in
                aarch64 | arm*) set -- "$@" "$argument" ;;
            esac
            ;;
        *) set -- "$@" "$argument" ;;
    esac
done
# What a library says of its files is the same wherever the project lies, and so is the code hash. The libraries of a bundle
# find each other by name, dlopen too, whatever the project says of rpaths: on the device they need none. Without the newer tag that holds for what
# those need that were built elsewhere.
exec "$@" "-ffile-prefix-map=$VPNEXT_PROJECT=." '-Wl,-rpath,$ORIGIN,--disable-new-dtags'
