"""A file system of one file whose close never ends for one process, the argument: its FUSE_FLUSH is not answered. It is mounted where
nobody else sees it, and the open file is sent over the socket that is descriptor 3. fuse(4), include/uapi/linux/fuse.h."""
import ctypes, errno, os, signal, socket, struct, sys, tempfile

LOOKUP, GETATTR, OPEN, FLUSH, INIT = 1, 3, 14, 25, 26
CLONE_NEWNS, MS_NOSUID_NODEV, MS_REC_PRIVATE = 0x20000, 6, 0x44000
libc = ctypes.CDLL(None, use_errno=True)


def call(name, *args):
    if getattr(libc, name)(*args) != 0:
        raise OSError(ctypes.get_errno(), name)


def attributes(node):
    mode = 0o40755 if node == 1 else 0o100644
    return struct.pack('<6Q10I', node, 0, 0, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


def answer(device, unique, error, body=b''):
    os.write(device, struct.pack('<IiQ', 16 + len(body), -error, unique) + body)


def is_victim(thread):
    with open(f'/proc/{thread}/status') as status:
        return f'Tgid:\t{sys.argv[1]}\n' in status.read()


def serve(device):
    while True:
        request = os.read(device, 1 << 17)
        _, opcode, unique, node, _, _, thread = struct.unpack('<IIQQIII', request[:36])
        if opcode == INIT:
            answer(device, unique, 0, struct.pack('<IIIIHHIIHHI7I', 7, 31, 0, 0, 8, 8, 4096, 1, 1, 0, 0, *[0] * 7))
        elif opcode == LOOKUP:
            answer(device, unique, 0, struct.pack('<4Q2I', 2, 0, 60, 60, 0, 0) + attributes(2))
        elif opcode == GETATTR:
            answer(device, unique, 0, struct.pack('<Q2I', 60, 0, 0) + attributes(node))
        elif opcode == OPEN:
            answer(device, unique, 0, struct.pack('<QII', 1, 0, 0))
        elif opcode != FLUSH or not is_victim(thread):
            answer(device, unique, 0 if opcode == FLUSH else errno.ENOSYS)


folder = tempfile.mkdtemp()
call('unshare', CLONE_NEWNS)
call('mount', b'none', b'/', None, MS_REC_PRIVATE, None)
device = os.open('/dev/fuse', os.O_RDWR)
options = f'fd={device},rootmode=40000,user_id=0,group_id=0'.encode()
call('mount', b'vpnext-test', folder.encode(), b'fuse', MS_NOSUID_NODEV, options)
# Who hangs in the close goes on when this process ends, which it does in any case. It must not have the file itself: the kernel
# closes that before it gives up the device.
signal.alarm(15)
if os.fork() == 0:
    os.close(device)
    file = os.open(f'{folder}/file', os.O_RDONLY)
    libc.umount2(folder.encode(), 2)
    os.rmdir(folder)
    socket.send_fds(socket.socket(fileno=3), [b'x'], [file])
    os._exit(0)
serve(device)
