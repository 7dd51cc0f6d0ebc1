#!/bin/sh
# Runs a compiler (the first argument) without the options that only the device's own, clang with lld and libc++, knows;
# and without -Werror, because other compilers warn of other things.
for argument do
    shift
    case $argument in
        -Werror | -Werror=* | -pedantic-errors | -Wfatal-errors | -Weverything) ;;
        -Qunused-arguments | --target=* | --gcc-toolchain=* | -stdlib=* | --rtlib=* | -rtlib=* | --unwindlib=*) ;;
        -fuse-ld=lld | -flto=* | -fno-addrsig | -fcolor-diagnostics | -fno-limit-debug-info) ;;
        -Wl,--fatal-warnings | -Wl,--icf=* | -Wl,--pack-dyn-relocs=* | -Wl,--no-rosegment) ;;
        -D__MUSL__*) ;;
        *) set -- "$@" "$argument" ;;
    esac
done
# What a library says of its files is the same wherever the project lies, and so is the code hash. The libraries of a bundle
# find each other by name, dlopen too, whatever the project says of rpaths: on the device they need none.
exec "$@" "-ffile-prefix-map=$VPNEXT_PROJECT=." '-Wl,-rpath,$ORIGIN'
