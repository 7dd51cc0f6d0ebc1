import {
  attachToCgroup,
  type BpfProgram,
  type CgroupHook,
  detachFromCgroup,
  type Fd,
  isErrno,
  loadProgram,
  programInfo,
  queryCgroup,
} from '@vpnext/native'

/** A program where it is attached. */
export interface AttachedProgram {
  readonly cgroup: string
  readonly hook: CgroupHook
  readonly id: number
  readonly name: string
}

/** The programs attached to a control group itself, for some hooks. Nothing when the group is gone. */
export function programsOf(cgroup: string, hooks: readonly CgroupHook[]): AttachedProgram[] {
  return unlessGone([], () =>
    hooks.flatMap((hook) =>
      queryCgroup(cgroup, hook).flatMap((id) => {
        const name = programInfo(id)?.name
        return name === undefined ? [] : [{ cgroup, hook, id, name }]
      }),
    ),
  )
}

/** @returns whether it was attached */
export function detach({ cgroup, id, hook }: AttachedProgram): boolean {
  return unlessGone(false, () => detachFromCgroup(cgroup, id, hook))
}

/** Programs that are to be attached to several control groups, each loaded once. */
export class ProgramLoader implements Disposable {
  readonly #loaded = new Map<string, Fd>()

  /** Attaches a program unless one of its name is there. Nothing when the group is gone. */
  attachOnce(cgroup: string, program: BpfProgram): void {
    if (programsOf(cgroup, [program.hook]).some(({ name }) => name === program.name)) return
    this.attach(cgroup, program)
  }

  /** Attaches a program beside whatever is there. Nothing when the group is gone. */
  attach(cgroup: string, program: BpfProgram): void {
    unlessGone(undefined, () => attachToCgroup(cgroup, this.#load(program), program.hook))
  }

  [Symbol.dispose](): void {
    for (const fd of this.#loaded.values()) fd.close()
    this.#loaded.clear()
  }

  #load(program: BpfProgram): Fd {
    const key = `${program.name} ${program.hook}`
    const fd = this.#loaded.get(key) ?? loadProgram(program)
    this.#loaded.set(key, fd)
    return fd
  }
}

/** The group may be removed before or while it is opened: ENODEV is what a removed one answers. */
function unlessGone<T>(otherwise: T, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (isErrno(error, 'ENODEV', 'ENOENT')) return otherwise
    throw error
  }
}
