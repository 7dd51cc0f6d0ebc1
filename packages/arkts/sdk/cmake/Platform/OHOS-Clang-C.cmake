include(Platform/Linux-Clang-C)
