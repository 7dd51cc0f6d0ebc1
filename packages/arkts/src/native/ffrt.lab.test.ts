import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { NativeScripts } from '../../test/native-scripts.ts'

// Compilers on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const code = `#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>
#include <ffrt/condition_variable.h>
#include <ffrt/queue.h>
#include <ffrt/sleep.h>
#include <ffrt/task.h>
#include <ffrt/timer.h>

/* What the device's documents show for functions of C++. */
struct Function { ffrt_function_header_t header; std::function<void()> *closure; };
static ffrt_function_header_t *function(std::function<void()> closure, ffrt_function_kind_t kind = ffrt_function_kind_general) {
    auto *f = static_cast<Function *>(ffrt_alloc_auto_managed_function_storage_base(kind));
    f->header.exec = [](void *f) { (*static_cast<Function *>(f)->closure)(); };
    f->header.destroy = [](void *f) { delete static_cast<Function *>(f)->closure; };
    f->closure = new std::function<void()>(std::move(closure));
    return &f->header;
}
static ffrt_function_header_t *queued(std::function<void()> closure) { return function(std::move(closure), ffrt_function_kind_queue); }

class Deps {
public:
    explicit Deps(std::vector<ffrt_dependence_t> items) : items(std::move(items)) { deps = {static_cast<uint32_t>(this->items.size()), this->items.data()}; }
    operator const ffrt_deps_t *() const { return &deps; }
private:
    std::vector<ffrt_dependence_t> items;
    ffrt_deps_t deps;
};
static Deps data(const void *at) { return Deps({{ffrt_dependence_data, at}}); }

static std::string text;
/* Is true once as many are there at a time. */
struct Meeting {
    explicit Meeting(int wanted) : wanted(wanted) { ffrt_mutex_init(&mutex, nullptr); ffrt_cond_init(&cond, nullptr); }
    void meet() {
        ffrt_mutex_lock(&mutex);
        if (++here == wanted) ffrt_cond_broadcast(&cond);
        while (here < wanted) ffrt_cond_wait(&cond, &mutex);
        ffrt_mutex_unlock(&mutex);
    }
    int wanted, here = 0;
    ffrt_mutex_t mutex;
    ffrt_cond_t cond;
};

static void Graph() {
    int x = 0, y = 0;
    ffrt_submit_base(function([&] { ffrt_usleep(20000); x = 2; }), nullptr, data(&x), nullptr);
    ffrt_submit_base(function([&] { y = x * 10; }), data(&x), data(&y), nullptr);
    ffrt_submit_base(function([&] { x *= 3; }), data(&x), data(&x), nullptr);
    ffrt_wait_deps(data(&y));
    text += std::to_string(y) + " ";
    ffrt_wait();
    text += std::to_string(x) + " ";
    ffrt_task_handle_t first = ffrt_submit_h_base(function([] { ffrt_usleep(20000); text += "first "; }), nullptr, nullptr, nullptr);
    ffrt_submit_base(function([] { text += "second "; }), Deps({{ffrt_dependence_task, first}}), nullptr, nullptr);
    ffrt_wait();
    ffrt_task_handle_destroy(first);
    /* Of a task, those that it submits itself. */
    ffrt_submit_f([](void *) {
        ffrt_submit_f([](void *) { ffrt_usleep(20000); text += "inner "; }, nullptr, nullptr, nullptr, nullptr);
        ffrt_wait();
        text += ffrt_this_task_get_id() == 0 ? "no task" : "outer ";
    }, nullptr, nullptr, nullptr, nullptr);
    ffrt_wait();
    text += std::to_string(ffrt_this_task_get_id());
}

/* Tasks that wait for each other each have a thread. */
static void Many() {
    Meeting meeting(40);
    std::atomic<int> done{0};
    for (int i = 0; i < 40; i++) ffrt_submit_base(function([&] { meeting.meet(); done++; }), nullptr, nullptr, nullptr);
    ffrt_wait();
    for (int i = 0; i < 5000; i++) ffrt_submit_base(function([&] { done++; }), nullptr, nullptr, nullptr);
    ffrt_wait();
    text = std::to_string(done);
}

static void Serial() {
    ffrt_queue_attr_t attr;
    ffrt_queue_attr_init(&attr);
    ffrt_queue_attr_set_qos(&attr, ffrt_qos_user_initiated);
    ffrt_queue_t queue = ffrt_queue_create(ffrt_queue_serial, "queue", &attr);
    ffrt_queue_attr_destroy(&attr);
    ffrt_task_attr_t late;
    ffrt_task_attr_init(&late);
    ffrt_task_attr_set_name(&late, "late");
    ffrt_task_attr_set_delay(&late, 50000);
    int last = 0;
    bool isInOrder = true, isLate = false;
    auto begin = std::chrono::steady_clock::now();
    ffrt_task_handle_t end = ffrt_queue_submit_h(queue, queued([&] { isLate = std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(50); }), &late);
    for (int i = 1; i <= 2000; i++) ffrt_queue_submit(queue, queued([&, i] { isInOrder = isInOrder && last == i - 1; last = i; }), nullptr);
    ffrt_queue_wait(ffrt_queue_submit_h(queue, queued([&] { text += std::to_string(last) + (isInOrder ? " in order " : " mixed "); }), nullptr));
    ffrt_queue_wait(end);
    text += std::string(isLate ? "late " : "soon ") + std::to_string(ffrt_queue_cancel(end)) + " ";
    ffrt_task_handle_destroy(end);
    ffrt_task_attr_set_delay(&late, 1000000000);
    ffrt_task_handle_t never = ffrt_queue_submit_h(queue, queued([&] { text += "never "; }), &late);
    ffrt_queue_submit(queue, queued([&] { text += "never "; }), &late);
    text += std::to_string(ffrt_queue_get_task_cnt(queue)) + " ";
    for (int i = 0; i < 2; i++) text += std::to_string(ffrt_queue_cancel(never)) + " ";
    ffrt_task_handle_destroy(never);
    ffrt_queue_submit(queue, queued([&] { ffrt_usleep(20000); text += "running "; }), nullptr);
    while (ffrt_queue_get_task_cnt(queue) > 1) ffrt_yield();
    ffrt_queue_destroy(queue);
    text += "destroyed";
}

static void Concurrent() {
    ffrt_queue_attr_t attr;
    ffrt_queue_attr_init(&attr);
    ffrt_queue_attr_set_max_concurrency(&attr, 3);
    ffrt_queue_t queue = ffrt_queue_create(ffrt_queue_concurrent, nullptr, &attr);
    Meeting meeting(3), end(4);
    std::atomic<int> at{0}, most{0};
    for (int i = 0; i < 3; i++) ffrt_queue_submit(queue, queued([&] { meeting.meet(); end.meet(); }), nullptr);
    ffrt_task_attr_t task;
    ffrt_task_attr_init(&task);
    /* The three above run; of what waits for them the priority counts. */
    for (auto priority : {ffrt_queue_priority_idle, ffrt_queue_priority_low, ffrt_queue_priority_immediate}) {
        ffrt_task_attr_set_queue_priority(&task, priority);
        for (int i = 0; i < 30; i++)
            ffrt_queue_submit(queue, queued([&] {
                int now = ++at;
                for (int before = most; now > before && !most.compare_exchange_weak(before, now);) continue;
                ffrt_usleep(100);
                at--;
            }), &task);
    }
    ffrt_task_attr_set_queue_priority(&task, ffrt_queue_priority_idle);
    ffrt_task_handle_t last = ffrt_queue_submit_h(queue, queued([&] { text += "last "; }), &task);
    end.meet();
    ffrt_queue_wait(last);
    ffrt_task_handle_destroy(last);
    text += std::string(most <= 3 ? "3 " : "more ") + (ffrt_queue_create(ffrt_queue_max, "", nullptr) == nullptr ? "none" : "some");
    ffrt_queue_destroy(queue);
}

static void Timers() {
    static std::atomic<int> ticks{0}, once{0};
    static Meeting third(2);
    ffrt_timer_t timer = ffrt_timer_start(ffrt_qos_default, 2, nullptr, [](void *) { if (++ticks == 3) third.meet(); }, true);
    static Meeting single(2);
    ffrt_timer_start(ffrt_qos_default, 1, &once, [](void *data) { ++*static_cast<std::atomic<int> *>(data); single.meet(); }, false);
    single.meet();
    third.meet();
    text += std::to_string(ffrt_timer_stop(ffrt_qos_default, timer)) + " ";
    int stopped = ticks;
    ffrt_usleep(20000);
    text += std::string(ticks == stopped ? "stopped " : "goes on ") + std::to_string(once) + " ";
    text += std::to_string(ffrt_timer_stop(ffrt_qos_default, timer)) + " ";
    text += std::to_string(ffrt_timer_start(ffrt_qos_default, 1, nullptr, nullptr, false));
}

static void Locks() {
    ffrt_mutexattr_t attr;
    ffrt_mutex_t mutex;
    ffrt_cond_t cond;
    ffrt_mutexattr_init(&attr);
    ffrt_mutexattr_settype(&attr, ffrt_mutex_recursive);
    ffrt_mutex_init(&mutex, &attr);
    ffrt_cond_init(&cond, nullptr);
    text += std::to_string(ffrt_mutex_lock(&mutex));
    text += std::to_string(ffrt_mutex_trylock(&mutex)) + " ";
    ffrt_submit_base(function([&] { text += std::to_string(ffrt_mutex_trylock(&mutex) == ffrt_error_busy) + " "; }), nullptr, nullptr, nullptr);
    ffrt_wait();
    ffrt_mutex_unlock(&mutex);
    timespec past = {1, 0};
    text += std::to_string(ffrt_cond_timedwait(&cond, &mutex, &past) == ffrt_error_timedout);
    text += std::to_string(ffrt_mutex_lock(nullptr) == ffrt_error_inval);
    ffrt_mutex_unlock(&mutex);
    ffrt_mutex_destroy(&mutex);
}

template <void (*F)()> static napi_value Told(napi_env env, napi_callback_info) {
    napi_value result;
    text = "";
    F();
    napi_create_string_utf8(env, text.c_str(), text.size(), &result);
    return result;
}
#define FUNCTION(name) {#name, nullptr, Told<name>, nullptr, nullptr, nullptr, napi_default, nullptr}
static napi_property_descriptor all[] = {FUNCTION(Graph), FUNCTION(Many), FUNCTION(Serial), FUNCTION(Concurrent), FUNCTION(Timers), FUNCTION(Locks)};
`

let scripts: NativeScripts | undefined
beforeAll(async () => {
  scripts = await NativeScripts.build(code)
})
afterAll(() => scripts?.[Symbol.dispose]())

test.each([
  ['Graph', 'tasks run when what they depend on is done', '20 6 first second inner outer 0'],
  ['Many', 'tasks that wait for each other each have a thread', '5040'],
  [
    'Serial',
    'a serial queue keeps the order, but for who is to come later, and forgets what it is told to',
    '2000 in order late -1 2 0 -1 running destroyed',
  ],
  ['Concurrent', 'a concurrent queue runs as many at a time as it is told', 'last 3 none'],
  ['Timers', 'timers tick until they are stopped', '0 stopped 1 -1 -1'],
  ['Locks', 'locks and conditions are between tasks', '00 1 11'],
])('%s: %s', async (name, _what, told) => {
  expect(await scripts?.run(`say(entry.${name}())`)).toBe(told)
})
