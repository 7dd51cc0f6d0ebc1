#!/bin/sh
# Runs a compiler (the first argument) without the options that only the device's own, clang with lld and libc++, knows;
# and without what asks for warnings, because other compilers know others by other names. What turns one off stays: to some
# compilers it is an error else.
skipped=
for argument do
    shift
    if [ -n "$skipped" ]; then
        skipped=
        continue
    fi
    case $argument in
        -Wl,--fatal-warnings | -Wl,--icf=* | -Wl,--pack-dyn-relocs=* | -Wl,--no-rosegment) ;;
        -Wno-error=*) set -- "$@" "-Wno-${argument#-Wno-error=}" ;;
        -Wl,* | -Wa,* | -Wp,* | -Wno-*) set -- "$@" "$argument" ;;
        -W* | -pedantic-errors) ;;
        -Xclang | -mllvm) skipped=1 ;;
        -Qunused-arguments | --target=* | --gcc-toolchain=* | -stdlib=* | --rtlib=* | -rtlib=* | --unwindlib=*) ;;
        -fuse-ld=lld | -flto=* | -fno-addrsig | -fcolor-diagnostics | -fansi-escape-codes | -ferror-limit=*) ;;
        -fdiagnostics-* | -fno-limit-debug-info | -fstandalone-debug | -gline-tables-only) ;;
        -femulated-tls | -fno-emulated-tls | -fintegrated-as | -fno-integrated-as | -fwhole-program-vtables) ;;
        -D__MUSL__*) ;;
        *) set -- "$@" "$argument" ;;
    esac
done
# What a library says of its files is the same wherever the project lies, and so is the code hash. The libraries of a bundle
# find each other by name, dlopen too, whatever the project says of rpaths: on the device they need none.
exec "$@" "-ffile-prefix-map=$VPNEXT_PROJECT=." '-Wl,-rpath,$ORIGIN'
