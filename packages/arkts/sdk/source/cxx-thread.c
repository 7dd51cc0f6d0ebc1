/* Threads of C++, which its library makes by itself: each gets a second stack. The linker has them come here first. */
#include "second-stack.h"

#include <stddef.h>
#include <stdlib.h>

/* std::thread::_State, as the C++ ABI lays it out: two destructors, the second of which frees it, and what the thread runs. */
struct state {
    const struct stateTable {
        void (*destroy)(struct state *);
        void (*destroyAndFree)(struct state *);
        void (*run)(struct state *);
    } *table;
    struct state *inner;
};

static void destroy(struct state *state) { state->inner->table->destroyAndFree(state->inner); }
static void destroyAndFree(struct state *state)
{
    destroy(state);
    free(state);
}
static void runState(struct state *state)
{
    vpnext_take_second_stack();
    state->inner->table->run(state->inner);
}

static const struct stateTable table = {destroy, destroyAndFree, runState};

/* void std::thread::_M_start_thread(std::unique_ptr<_State>, void (*)()); throws when there are too many. */
void __real__ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE(void *thread, struct state **state,
                                                                                                  void (*depend)(void));
void __wrap__ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE(void *thread, struct state **state,
                                                                                                  void (*depend)(void))
{
    struct state *outer = malloc(sizeof *outer);
    if (outer != NULL) {
        *outer = (struct state){&table, *state};
        *state = outer;
    }
    __real__ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE(thread, state, depend);
}
