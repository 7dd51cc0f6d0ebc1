/* Levels of encryption, which are folders here. */
#ifndef VPNEXT_CONTEXT_CONSTANT_H
#define VPNEXT_CONTEXT_CONSTANT_H

typedef enum {
    ABILITY_RUNTIME_AREA_MODE_EL1 = 0,
    ABILITY_RUNTIME_AREA_MODE_EL2 = 1,
    ABILITY_RUNTIME_AREA_MODE_EL3 = 2,
    ABILITY_RUNTIME_AREA_MODE_EL4 = 3,
    ABILITY_RUNTIME_AREA_MODE_EL5 = 4,
} AbilityRuntime_AreaMode;

#endif
