# To CMake the system is HarmonyOS, as on the device; what is built runs on this Linux.
include(Platform/Linux)
set(OHOS TRUE)
